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

  private final List<Site> sites;
  private final int threshold;
  private final DnsLists lists;

  /// @param zones each `ZONE` or `ZONE=FILTER`, with `*WEIGHT` after it where that is not 1
  /// @param threshold the weight of the lists together that refuses a client
  /// @throws IllegalArgumentException names the zone that cannot be understood
  public Dnsbl(List<String> zones, int threshold, DnsNames names, InstantSource clock) {
    this.sites = sites(zones);
    this.threshold = threshold;
    this.lists = new DnsLists(names, clock);
  }

  /// @throws IllegalArgumentException names the zone that cannot be understood
  static List<Site> sites(List<String> zones) {
    return zones.stream().map(Site::parse).toList();
  }

  /// A list and what it weighs.
  ///
  /// @param weight less than zero: the list speaks for the clients it has
  record Site(Zone zone, int weight) {
    static Site parse(String text) {
      int star = text.lastIndexOf('*');
      if (star < 0) {
        return new Site(Zone.parse(text), 1);
      }
      String weight = text.substring(star + 1).strip();
      if (!weight.matches("[+-]?\\d{1,5}")) {
        throw new IllegalArgumentException(
            "expected a weight such as 2 or -1 after *, was " + text);
      }
      return new Site(Zone.parse(text.substring(0, star)), Integer.parseInt(weight));
    }
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Connection connection ->
          connection.open() && !connection.client().own() && !sites.isEmpty()
              ? connection.decided(ask(connection.client()))
              : connection;
      case Case.Rcpt _, Case.Data _, Case.Message _ -> c;
    };
  }

  private Verdict ask(Client client) {
    var asked = new ArrayList<FutureTask<DnsLists.Listing>>();
    for (Site site : sites) {
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
      Site site = sites.get(i);
      DnsLists.Listing listing = answer(asked.get(i), site.zone());
      hope -= Math.min(0, site.weight());
      // one that would speak for the client and does not answer refuses nobody
      if (listing.listed() || listing.unavailable() && site.weight() < 0) {
        weight += site.weight();
      }
      if (listing.listed() && site.weight() > 0 && refusal.isEmpty()) {
        refusal = Optional.of(refusal(client, site.zone(), listing.reason()));
      }
      if (refusal.isPresent() && weight + hope >= threshold) {
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
