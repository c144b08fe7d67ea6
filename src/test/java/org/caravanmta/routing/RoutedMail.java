package org.caravanmta.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Resolution;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.Content;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Cases;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetrySchedule;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;

/// The settings and tables of routing, and where mail goes by them.
abstract class RoutedMail {
  static final Instant NOW = Letters.ARRIVED.plusSeconds(1);

  final List<String> linked = new ArrayList<>();

  Links links =
      (from, ref) -> {
        linked.add(ref);
        return new Content.Stored(ref, from.length(), from.crc());
      };

  List<Table> tables = List.of();
  boolean parents;
  int together = 50;
  String relayHost = "";
  String relayTransport = "smtp";
  AddressSearch senderTransport = Cases.search("ex.example");
  AddressSearch senderRelayHost = Cases.search("ex.example");
  NullSenderSettings nobody = new NullSenderSettings("<>", "<>");
  AddressSearch relocated = Cases.search("ex.example");

  List<Task> tasks(Mail mail) {
    Handover next = routing().route(mail);
    assertThat(next.tasks("deferred.*")).isEmpty();
    return next.tasks("delivery.*");
  }

  static List<String> recipients(Handover handover) {
    return handover.all().stream()
        .flatMap(task -> ((Mail) task.body()).recipients().stream())
        .map(recipient -> recipient.address().toString())
        .toList();
  }

  Routing routing() {
    InstantSource clock = InstantSource.fixed(NOW);
    var schedule =
        new RetrySchedule(
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)), Duration.ofDays(5));
    return new Routing(
        new Resolution(Set.of(new Domain("Ex.example"))),
        directions(),
        new TaskSizes(together, Map.of("bulk", 1)),
        links,
        new Deferral() {
          private final Retry retry = new Retry(schedule, links, clock);

          @Override
          public Handover defer(Mail mail, Reason reason) {
            return retry.defer(mail, reason);
          }

          @Override
          public boolean isOver(Mail mail) {
            throw new AssertionError("routing does not ask");
          }
        },
        clock);
  }

  RoutingTable directions() {
    return new RoutingTable(
        new ClassRouting(
            new Resolution(Set.of(new Domain("Ex.example"))),
            new VirtualDomains(Set.of(new Domain("va.example")), new SearchPath(List.of())),
            new RelayDomains(Set.of(new Domain("rel.example"))),
            new RoutingSettings(
                List.of(),
                "local",
                "virtual",
                relayTransport,
                "smtp",
                List.of(),
                List.of(),
                nobody,
                List.of(),
                Optional.empty()),
            new ClassRouting.Senders(senderTransport, senderRelayHost),
            relayHost,
            true),
        new RoutingTable.Exceptions(new TransportTables(tables, "+", parents), relocated),
        new Transports(
            Set.of("smtp", "lmtp", "local", "error", "discard", "slow", "pipe"),
            Set.of(),
            Set.of("drop"),
            _ -> {}));
  }

  static List<String> addresses(List<Task> tasks) {
    return tasks.stream()
        .flatMap(task -> ((Mail) task.body()).recipients().stream())
        .map(recipient -> recipient.address().toString())
        .toList();
  }
}
