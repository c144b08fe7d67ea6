package org.caravanmta.restriction.dnsbl;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses a client whose address is on DNS lists of enough weight (RFC 5782; postfix
/// `postscreen_dnsbl_sites`). Asks all lists at once; of several that have the client, the first of
/// those against it in the operator's order is named.
public final class Dnsbl {
  private static final Logger LOG = LoggerFactory.getLogger(Dnsbl.class);

  private final List<WeightedZone> sites;
  private final DnsblSettings own;
  private final DnsLists lists;

  public Dnsbl(DnsblSettings own, DnsNames names, InstantSource clock) {
    this.own = own;
    this.sites = WeightedZone.all(own.zones());
    this.lists = new DnsLists(names, clock);
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Connection connection ->
          connection.open() && !connection.client().own() && !sites.isEmpty()
              ? connection.decided(ask(connection.client()))
              : connection;
      case Case.Rcpt _, Case.Data _, Case.Message _, Case.Event _ -> c;
    };
  }

  private Verdict ask(Client client) {
    var asked = new ArrayList<FutureTask<DnsLists.Listing>>();
    for (WeightedZone site : sites) {
      Zone zone = site.zone();
      var question = new FutureTask<>(() -> lists.ask(zone, zone.query(client.address())));
      asked.add(question);
      Thread.ofVirtual().name("dnsbl " + zone.name()).start(question);
    }
    int weight = 0;
    // what lists that have not answered yet could still say for the client
    int hope = sites.stream().mapToInt(site -> Math.min(0, site.weight())).sum();
    Optional<Reply> refusal = Optional.empty();
    for (int i = 0; i < asked.size(); i++) {
      WeightedZone site = sites.get(i);
      DnsLists.Listing listing = answer(asked.get(i), site.zone());
      hope -= Math.min(0, site.weight());
      // one that would speak for the client and does not answer refuses nobody
      if (listing.listed() || listing.unavailable() && site.weight() < 0) {
        weight += site.weight();
      }
      if (listing.listed() && site.weight() > 0 && refusal.isEmpty()) {
        refusal = Optional.of(refusal(client, site.zone(), listing.reason()));
      }
      if (refusal.isPresent() && weight + hope >= own.threshold()) {
        return new Verdict.Reject(refusal.get());
      }
    }
    return Verdict.UNDECIDED;
  }

  private static DnsLists.Listing answer(FutureTask<DnsLists.Listing> question, Zone zone) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DnsLists.Listing.UNAVAILABLE;
    } catch (ExecutionException e) {
      LOG.error("dnsbl: {} counts as not listing the client", zone.name(), e.getCause());
      return DnsLists.Listing.UNAVAILABLE;
    }
  }

  private static Reply refusal(Client client, Zone zone, String reason) {
    return Reply.of(
        554,
        "5.7.1",
        "Service unavailable; Client host [%s] blocked using %s%s"
            .formatted(
                Literals.text(client.address()),
                zone.name(),
                reason.isEmpty() ? "" : "; " + reason));
  }
}
