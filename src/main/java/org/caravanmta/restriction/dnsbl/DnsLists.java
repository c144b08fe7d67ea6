package org.caravanmta.restriction.dnsbl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks DNS lists (RFC 5782 §2), and remembers for a while what they say.
public final class DnsLists {
  /// How long an answer is remembered: shorter than the lists' own times to live.
  private static final Duration REMEMBERED = Duration.ofMinutes(3);

  private static final int MOST_REMEMBERED = 10_000;

  /// Postfix's bound on the text of a list.
  private static final int LONGEST_REASON = 500;

  private static final Logger LOG = LoggerFactory.getLogger(DnsLists.class);

  private final DnsNames names;
  private final Cache<String, Listing> answers;

  /// What a list says of an address or a domain.
  ///
  /// @param listed whether it has it; not, when it does not answer
  /// @param reason what it says of it; may be empty
  /// @param unavailable whether it does not answer
  public record Listing(boolean listed, String reason, boolean unavailable) {
    static final Listing NOT = new Listing(false, "", false);
    static final Listing UNAVAILABLE = new Listing(false, "", true);
  }

  public DnsLists(DnsNames names, InstantSource clock) {
    this.names = names;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> clock.millis() * 1_000_000)
            .build();
  }

  /// @param query made by {@link Zone#query}
  public Listing ask(Zone zone, String query) {
    // one domain may stand in the settings with several filters
    String key = query + " " + zone.filter();
    Optional<Listing> known = Optional.ofNullable(answers.getIfPresent(key));
    if (known.isPresent()) {
      return known.get();
    }
    return switch (names.listing(query)) {
      case DnsAnswer.Records<InetAddress>(List<InetAddress> records, _) -> {
        boolean listed = records.stream().anyMatch(zone::counts);
        if (!listed && zone.filter().isEmpty()) {
          LOG.warn("dnsbl: {} answers {}, which does not list anybody", query, records);
        }
        var listing = listed ? new Listing(true, reason(query), false) : Listing.NOT;
        answers.put(key, listing);
        yield listing;
      }
      case DnsAnswer.None<InetAddress> _ -> {
        answers.put(key, Listing.NOT);
        yield Listing.NOT;
      }
      case DnsAnswer.Unavailable<InetAddress>(String why) -> {
        LOG.warn("dnsbl: {} does not answer, the client counts as not listed: {}", query, why);
        yield Listing.UNAVAILABLE;
      }
    };
  }

  private String reason(String query) {
    return switch (names.text(query)) {
      case DnsAnswer.Records<String>(List<String> records, _) -> {
        // goes into a reply: one line of printable ASCII
        String text = String.join(" / ", records).replaceAll("[^ -~]", "?");
        yield text.substring(0, Math.min(text.length(), LONGEST_REASON));
      }
      case DnsAnswer.None<String> _, DnsAnswer.Unavailable<String> _ -> "";
    };
  }
}
