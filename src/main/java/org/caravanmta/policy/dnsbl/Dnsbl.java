package org.caravanmta.policy.dnsbl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.caravanmta.dns.Answer;
import org.caravanmta.dns.Names;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses a client whose address is on a DNS list (RFC 5782). Asks all lists at once; of several
/// that have the client, the first in the operator's order is named.
public final class Dnsbl {
  /// How long an answer is remembered: shorter than the lists' own times to live.
  private static final Duration REMEMBERED = Duration.ofMinutes(3);

  private static final int MOST_REMEMBERED = 10_000;

  /// Postfix's bound on the text of a list.
  private static final int LONGEST_REASON = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Dnsbl.class);

  private final List<Zone> zones;
  private final Names names;
  private final Cache<String, Listing> answers;

  /// @param listed whether the zone has the client
  /// @param reason what the list says of it; may be empty
  private record Listing(boolean listed, String reason) {
    static final Listing NOT = new Listing(false, "");
  }

  /// @param zones each `ZONE` or `ZONE=FILTER`
  /// @throws IllegalArgumentException names the zone that cannot be understood
  public Dnsbl(List<String> zones, Names names, InstantSource clock) {
    this.zones = zones.stream().map(Zone::parse).toList();
    this.names = names;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> clock.millis() * 1_000_000)
            .build();
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Connection connection ->
          connection.open() && !connection.client().own() && !zones.isEmpty()
              ? connection.decided(ask(connection.client()))
              : connection;
      case Case.Rcpt _, Case.Message _ -> c;
    };
  }

  private Verdict ask(Client client) {
    var asked = new ArrayList<FutureTask<Listing>>();
    for (Zone zone : zones) {
      var question = new FutureTask<>(() -> listing(zone, client.address()));
      asked.add(question);
      Thread.ofVirtual().name("dnsbl " + zone.name()).start(question);
    }
    for (int i = 0; i < asked.size(); i++) {
      Listing listing = answer(asked.get(i), zones.get(i));
      if (listing.listed()) {
        return new Verdict.Reject(refusal(client, zones.get(i), listing.reason()));
      }
    }
    return Verdict.UNDECIDED;
  }

  private static Listing answer(FutureTask<Listing> question, Zone zone) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Listing.NOT;
    } catch (ExecutionException e) {
      LOG.error("dnsbl: {} counts as not listing the client", zone.name(), e.getCause());
      return Listing.NOT;
    }
  }

  private static Reply refusal(Client client, Zone zone, String reason) {
    return Reply.of(
        554,
        "5.7.1",
        "Service unavailable; Client host [%s] blocked using %s%s"
            .formatted(
                client.address().getHostAddress(),
                zone.name(),
                reason.isEmpty() ? "" : "; " + reason));
  }

  private Listing listing(Zone zone, InetAddress client) {
    String query = zone.query(client);
    // one domain may stand in the settings with several filters
    String key = query + " " + zone.filter();
    Optional<Listing> known = Optional.ofNullable(answers.getIfPresent(key));
    if (known.isPresent()) {
      return known.get();
    }
    return switch (names.listing(query)) {
      case Answer.Records<InetAddress>(List<InetAddress> records) -> {
        boolean listed = records.stream().anyMatch(zone::counts);
        if (!listed && zone.filter().isEmpty()) {
          LOG.warn("dnsbl: {} answers {}, which does not list anybody", query, records);
        }
        var listing = listed ? new Listing(true, reason(query)) : Listing.NOT;
        answers.put(key, listing);
        yield listing;
      }
      case Answer.None<InetAddress>() -> {
        answers.put(key, Listing.NOT);
        yield Listing.NOT;
      }
      case Answer.Unavailable<InetAddress>(String why) -> {
        LOG.warn("dnsbl: {} does not answer, the client counts as not listed: {}", query, why);
        yield Listing.NOT;
      }
    };
  }

  private String reason(String query) {
    return switch (names.text(query)) {
      case Answer.Records<String>(List<String> records) -> {
        // goes into a reply: one line of printable ASCII
        String text = String.join(" / ", records).replaceAll("[^ -~]", "?");
        yield text.substring(0, Math.min(text.length(), LONGEST_REASON));
      }
      case Answer.None<String>(), Answer.Unavailable<String> _ -> "";
    };
  }
}
