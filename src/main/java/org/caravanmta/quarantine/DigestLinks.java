package org.caravanmta.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.table.Lookup;

/// The links of a digest.
///
/// @param base `quarantine.links`
/// @param keep how long a message stays, and its links with it
/// @param ours knows whose mail we take: senders are blocked for nobody else
record DigestLinks(String base, LinkSigner signer, Duration keep, Function<Address, Lookup> ours) {
  /// Letters of a link: a longer one would be refused as a request.
  private static final int LONGEST = 2_000;

  /// The links of an entry, by the words before them.
  ///
  /// @param to who gets the digest
  /// @param whole whether it is about the mail of all recipients
  Map<String, String> of(Quarantined entry, Address to, boolean whole) throws StateUnavailable {
    var links = new LinkedHashMap<String, String>();
    String whom = whole ? "" : to.toString();
    add(links, "Release:", link(DigestLink.Deed.RELEASE, entry, whom, ""));
    add(links, "Delete:", link(DigestLink.Deed.DELETE, entry, whom, ""));
    if (IndexEntries.address(entry.sender()).isPresent()) {
      if (!whole) {
        add(links, "Block:", link(DigestLink.Deed.BLOCK, entry, whom, entry.sender()));
      }
      for (String domain : whole ? domains(entry) : List.<String>of()) {
        add(
            links,
            "Block for " + domain + ":",
            link(DigestLink.Deed.BLOCK, entry, domain, entry.sender()));
      }
    }
    return links;
  }

  private void add(Map<String, String> links, String word, DigestLink link)
      throws StateUnavailable {
    String url = (base.endsWith("/") ? base : base + "/") + signer.write(link);
    if (url.length() <= LONGEST) {
      links.put(word, url);
    }
  }

  private DigestLink link(
      DigestLink.Deed deed, Quarantined entry, String recipient, String sender) {
    Instant expires = entry.since().plus(keep).truncatedTo(ChronoUnit.SECONDS);
    return new DigestLink(deed, expires, entry.id(), recipient, sender);
  }

  private List<String> domains(Quarantined entry) {
    return entry.recipients().stream()
        .map(IndexEntries::address)
        .flatMap(Optional::stream)
        .filter(address -> ours.apply(address) instanceof Lookup.Found)
        .map(address -> address.domain().key())
        .distinct()
        .toList();
  }
}
