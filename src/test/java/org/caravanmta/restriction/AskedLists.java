package org.caravanmta.restriction;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Networks;
import org.caravanmta.address.Resolution;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.policy.Verdict;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.relay.Relay;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Lists as a route has them, asked about a recipient of a stranger's message; `ex.example` is
/// ours, where `ann` lives.
abstract class AskedLists {
  static ZoneServer zone;

  @BeforeAll
  static void serve() {
    zone =
        ZoneServer.start(
            """
            far       MX 10 mx.far
            mx.far    A 203.0.113.9
            www       A 203.0.113.10
            nomail    MX 0 .
            mx2.bad   A 198.51.100.66
            bad       MX 10 mx2.bad
            bad       NS ns.bad
            ns.bad    A 198.51.100.67
            7.2.0.192.bl      A 127.0.0.3
            7.2.0.192.bl      TXT "spam seen"
            far.example.rhs   A 127.0.0.2
            7.2.0.192.wl      A 127.0.0.2
            """,
            "example.");
    zone.fail("broken.example");
    zone.fail("9.2.0.192.wl.example");
  }

  @AfterAll
  static void stop() {
    zone.close();
  }

  /// @param backups where primary servers may be; none for anywhere
  static RestrictionSettings settings(boolean untrusted, boolean parents, String... backups) {
    return new RestrictionSettings(
        parents ? List.of("smtpd_access_maps") : List.of(),
        untrusted,
        Networks.of(List.of(backups)),
        List.of(),
        RefusalCodes.USUAL);
  }

  static Restrictions restrictions(String... replies) {
    return restrictions(settings(false, true), replies);
  }

  static Restrictions restrictions(RestrictionSettings own, String... replies) {
    return restrictions(
        own, new Resolution(Set.of(new Domain("ex.example"))), Set.of(), zone, replies);
  }

  static Restrictions restrictions(
      RestrictionSettings own,
      Resolution resolution,
      Set<Domain> relay,
      ZoneServer zone,
      String... replies) {
    var names =
        new Resolver(
            new DnsSettings(List.of(NameServer.parse(zone.address())), Duration.ofSeconds(2)));
    var relayed = new RelayDomains(relay);
    return new Restrictions(
        new RestrictionContext(
            true,
            resolution,
            new Relay(
                resolution,
                relayed,
                new VirtualDomains(Set.of(), new SearchPath(List.<Table>of())),
                own.untrustedRouting()),
            new KnownRecipients(
                resolution,
                relayed,
                List.of(),
                Deliverability.FINE,
                Cases.search("ex.example", "inline:{ann=x}"),
                Cases.search("ex.example")),
            new Extensions("+"),
            names,
            new DnsLists(names, InstantSource.system()),
            new SearchPath(List.of(replies).stream().map(Tables::open).toList()),
            new SearchPath(List.of(Tables.open("inline:{AB:CD=ann, EF:01=bob}"))),
            own,
            () -> false,
            "someClass"::equals,
            (name, c) -> Optional.of(c.decided(Verdict.UNDECIDED)),
            InstantSource.system()));
  }

  /// What comes of steps, in the words of a reply.
  static String outcome(Case.Rcpt asked, String... steps) {
    return words(after(asked, steps));
  }

  static Case.Listed after(Case.Listed asked, String... steps) {
    Restrictions all = restrictions();
    Case c = asked;
    for (String step : steps) {
      c = all.step(step).orElseThrow().check(c);
    }
    return (Case.Listed) c;
  }

  static String words(Case.Listed c) {
    return switch (c.outcome()) {
      case Verdict.Undecided(), Verdict.Permit() ->
          c instanceof Case.Rcpt rcpt && !rcpt.vouched() ? "not ours" : "ok";
      case Verdict.Defer(var reply) -> reply.toString();
      case Verdict.Reject(var reply) -> reply.toString();
      case Verdict.Hold(String why, _) -> "hold " + why;
      case Verdict.Discard(String why) -> "discard " + why;
      case Verdict.Taken(var reply) -> "taken " + reply;
    };
  }

  static Case.Rcpt rcpt(String address, String sender, String recipient) {
    return Cases.rcpt(Cases.stranger(address), sender, recipient);
  }
}
