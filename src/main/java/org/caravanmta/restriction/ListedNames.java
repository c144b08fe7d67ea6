package org.caravanmta.restriction;

import java.util.function.Function;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.restriction.dnsbl.Zone;
import org.caravanmta.table.Lookup;

/// Refuses and permits by DNS lists of addresses and of domains (RFC 5782 §2.1, §2.2; postfix
/// `reject_rbl_client`, `reject_rhsbl_sender` and their like). A list that does not answer refuses
/// nobody; one that was to permit defers what is then rejected.
final class ListedNames {
  private final RestrictionContext around;

  ListedNames(RestrictionContext around) {
    this.around = around;
  }

  Restriction client(Zone zone) {
    return asked -> {
      DnsLists.Listing listing = around.lists().ask(zone, zone.query(asked.client().address()));
      String address = Literals.text(asked.client().address());
      return refused(asked, zone, listing, new ReplySubject(ReplySubject.CLIENT, address));
    };
  }

  /// @param what a domain, or an address whose domain is asked about
  Restriction domain(Zone zone, String kind, Function<RestrictedCase, String> what) {
    return asked -> {
      String named = what.apply(asked);
      String domain = named.substring(named.lastIndexOf('@') + 1);
      return isName(domain)
          ? refused(
              asked,
              zone,
              around.lists().ask(zone, zone.query(new Domain(domain))),
              new ReplySubject(kind, named))
          : Finding.DUNNO;
    };
  }

  Restriction permitClient(Zone zone) {
    return asked ->
        permitted(asked, zone, around.lists().ask(zone, zone.query(asked.client().address())));
  }

  Restriction permitName(Zone zone) {
    return asked ->
        isName(asked.client().name())
            ? permitted(
                asked,
                zone,
                around.lists().ask(zone, zone.query(new Domain(asked.client().name()))))
            : Finding.DUNNO;
  }

  private Finding refused(
      RestrictedCase asked, Zone zone, DnsLists.Listing listing, ReplySubject subject) {
    return listing.listed()
        ? new Finding.Refused(
            ListReply.of(
                around.replies(),
                around.own().codes().listed(),
                asked,
                zone,
                listing.reason(),
                subject))
        : Finding.DUNNO;
  }

  /// The keeper of the list does not decide whom we relay for.
  private Finding permitted(RestrictedCase asked, Zone zone, DnsLists.Listing listing) {
    boolean ours =
        asked.recipient().isEmpty()
            || asked
                .recipient()
                .filter(to -> around.relay().ours(to) instanceof Lookup.Found)
                .isPresent();
    if (!ours) {
      return Finding.DUNNO;
    }
    if (listing.unavailable()) {
      return new Finding.DeferIfReject(asked.reply(450, "4.7.1", zone.name() + " does not answer"));
    }
    return listing.listed() ? Finding.OK : Finding.DUNNO;
  }

  /// Not a literal, not a number, not nothing.
  private static boolean isName(String domain) {
    return !domain.equals(Client.UNKNOWN)
        && HeloRestrictions.isHostname(domain)
        && !domain.matches("(.*\\.)?\\d+\\.?");
  }
}
