package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.delivery.schedule.Restraint;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingRule;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.DnsNames.MailExchange;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.NextHopReader;

/// How much a destination of one transport gets at the most, and which rule or setting says so: `to
/// example.net at most 12/s: rate=12/s, config/shaping:41 (mx:*.provider.example)`. Asks the DNS
/// for its servers if there are rules for servers.
record Ceilings(TransportSections own, Shaping shaping, DnsNames names) {
  /// @param kind rates are 0, connections 1, messages on a connection 2
  /// @param size among those of its kind: the smaller one counts
  private record Ceiling(int kind, double size, String most, String origin) {}

  /// One line for each limit: messages in a time, connections, messages on a connection, of each
  /// the smallest first.
  List<String> of(String nextHop) {
    var found = new ArrayList<Ceiling>();
    var trouble = new ArrayList<String>();
    var rules = new LinkedHashSet<ShapingRule>();
    shaping.destination(nextHop).ifPresent(rules::add);
    settings(nextHop, found);
    if (shaping.hasServers()) {
      hosts(nextHop, trouble).forEach(host -> shaping.server(host).ifPresent(rules::add));
    }
    rules.forEach(rule -> add(rule, found));
    if (found.stream().noneMatch(each -> each.kind() == 2)) {
      messages(own.scheduling().shaping().messagesPerConnection(), found);
    }
    return Stream.concat(
            found.stream()
                .sorted(Comparator.comparingInt(Ceiling::kind).thenComparing(Ceiling::size))
                .map(each -> "at most " + each.most() + ": " + each.origin()),
            trouble.stream())
        .map(line -> "to " + nextHop + " " + line)
        .toList();
  }

  /// What counts where no rule says otherwise.
  private void settings(String nextHop, List<Ceiling> found) {
    var rule = shaping.destination(nextHop).map(ShapingRule::given);
    if (rule.flatMap(ShapingRule.Given::concurrency).isEmpty()) {
      int most = own.remote().concurrency();
      found.add(connections(most, "delivery.concurrency=" + most));
    }
    Duration delay = own.remote().outgoing().rateDelay();
    if (rule.flatMap(ShapingRule.Given::rateDelay).isEmpty() && delay.isPositive()) {
      found.add(delayed(delay, "delivery.outgoing.rate-delay"));
    }
    Duration pause = own.scheduling().transportRateDelay();
    if (pause.isPositive()) {
      found.add(delayed(pause, "delivery.scheduling.transport-rate-delay"));
    }
  }

  private static void messages(int most, List<Ceiling> found) {
    if (most > 0) {
      found.add(
          new Ceiling(
              2,
              most,
              most + " messages on a connection",
              "delivery.scheduling.messages-per-connection=" + most));
    }
  }

  private static void add(ShapingRule rule, List<Ceiling> found) {
    ShapingRule.Given given = rule.given();
    String shared = rule.isOfServers() ? " for all destinations of these servers together" : "";
    given
        .rate()
        .ifPresent(
            rate ->
                found.add(
                    new Ceiling(
                        0, -rate.interval().toNanos(), rate + shared, rule.origin("rate", rate))));
    given
        .rateDelay()
        .ifPresent(
            delay ->
                found.add(delayed(delay, rule.origin("rate-delay", Restraint.seconds(delay)))));
    given
        .concurrency()
        .ifPresent(most -> found.add(connections(most, rule.origin("concurrency", most))));
    given
        .connections()
        .ifPresent(
            most ->
                found.add(
                    new Ceiling(
                        1, most, connections(most) + shared, rule.origin("connections", most))));
    given
        .messagesPerConnection()
        .ifPresent(
            most ->
                found.add(
                    new Ceiling(
                        2,
                        most == 0 ? Integer.MAX_VALUE : most,
                        (most == 0 ? "any number of" : most) + " messages on a connection",
                        rule.origin("messages-per-connection", most))));
  }

  private static Ceiling connections(int most, String origin) {
    return new Ceiling(1, most, connections(most), origin);
  }

  private static String connections(int most) {
    return most == 1 ? "1 connection" : most + " connections";
  }

  private static Ceiling delayed(Duration delay, String origin) {
    return new Ceiling(0, -delay.toNanos(), "one message each " + Restraint.seconds(delay), origin);
  }

  /// The names of the servers of a next hop.
  ///
  /// @param trouble takes what cannot be told
  private Set<String> hosts(String nextHop, List<String> trouble) {
    var hosts = new LinkedHashSet<String>();
    List<NextHop> hops = List.of();
    try {
      hops = NextHopReader.list(nextHop);
    } catch (IllegalArgumentException e) {
      trouble.add("nothing: " + e.getMessage());
    }
    for (NextHop each : hops) {
      if (each instanceof NextHop.Host host) {
        if (host.direct()) {
          hosts.add(host.host());
          continue;
        }
        switch (names.mailExchanges(new Domain(host.host()))) {
          case DnsAnswer.Records<MailExchange>(var records, _) ->
              records.forEach(record -> hosts.add(record.host()));
          case DnsAnswer.None<MailExchange> _ -> hosts.add(host.host());
          case DnsAnswer.Unavailable<MailExchange>(String why) ->
              trouble.add("maybe less: its servers cannot be looked up: " + why);
        }
      }
    }
    return hosts;
  }
}
