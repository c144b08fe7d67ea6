package org.caravanmta.policy.dnsbl;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
  private static final Logger LOG = LoggerFactory.getLogger(Dnsbl.class);

  private final List<Zone> zones;
  private final Lists lists;

  /// @param zones each `ZONE` or `ZONE=FILTER`
  /// @throws IllegalArgumentException names the zone that cannot be understood
  public Dnsbl(List<String> zones, Names names, InstantSource clock) {
    this.zones = zones.stream().map(Zone::parse).toList();
    this.lists = new Lists(names, clock);
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Connection connection ->
          connection.open() && !connection.client().own() && !zones.isEmpty()
              ? connection.decided(ask(connection.client()))
              : connection;
      case Case.Rcpt _, Case.Data _, Case.Message _ -> c;
    };
  }

  private Verdict ask(Client client) {
    var asked = new ArrayList<FutureTask<Lists.Listing>>();
    for (Zone zone : zones) {
      var question = new FutureTask<>(() -> lists.ask(zone, zone.query(client.address())));
      asked.add(question);
      Thread.ofVirtual().name("dnsbl " + zone.name()).start(question);
    }
    for (int i = 0; i < asked.size(); i++) {
      Lists.Listing listing = answer(asked.get(i), zones.get(i));
      if (listing.listed()) {
        return new Verdict.Reject(refusal(client, zones.get(i), listing.reason()));
      }
    }
    return Verdict.UNDECIDED;
  }

  private static Lists.Listing answer(FutureTask<Lists.Listing> question, Zone zone) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Lists.Listing.NOT;
    } catch (ExecutionException e) {
      LOG.error("dnsbl: {} counts as not listing the client", zone.name(), e.getCause());
      return Lists.Listing.NOT;
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
}
