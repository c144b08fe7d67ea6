package org.caravanmta.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a recipient's mail goes, by the class of the domain, tables and sender.
class WhereMailGoesTest extends RoutedMail {
  /// Postfix's own cases, and those of its transport(5) page.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u@ex.example           |         |                          | local   | ex.example",
        "U@EX.example           |         |                          | local   | ex.example",
        "u@far.example          |         |                          | smtp    | far.example",
        "u@far.example          | [smart] |                          | smtp    | [smart]",
        "u@far.example          | [smart] | far.example=slow:        | slow    | far.example",
        "u@far.example          | [smart] | far.example=slow         | slow    | far.example",
        "u@far.example          | [smart] | far.example=:            | smtp    | [smart]",
        "u@far.example          | [smart] | far.example=:[gw]:26     | smtp    | [gw]:26",
        "u@sub.far.example      |         | .far.example=smtp:[gw]:26| smtp    | [gw]:26",
        "u@a.b.far.example      |         | .far.example=smtp:[gw]   | smtp    | [gw]",
        "u@far.example          |         | .far.example=smtp:[gw]   | smtp    | far.example",
        "u+e@far.example        |         | u@far.example=error:5.7.1 gone | error | error:5.7.1"
            + " gone",
        "u@far.example          |         | far.example=retry:       | error   | retry:",
        "u@far.example          |         | far.example=discard:away | discard | away",
        "u@far.example          |         | far.example=discard:     | discard | ''",
        "u@far.example          |         | far.example=drop:        | pipe    | drop:far.example",
        "u@far.example          |         | *=smtp:[gw]              | smtp    | [gw]",
        "u@ex.example           |         | ex.example=lmtp:inet:127.0.0.1:24 | lmtp |"
            + " inet:127.0.0.1:24",
        "u@ex.example           |         | ex.example=:other        | local   | other",
        "u@[192.0.2.1]          |         |                          | smtp    | [192.0.2.1]",
        "u@[no.address]         |         |                          | error   | error:5.1.3 bad"
            + " address syntax",
        "u@192.0.2.1            |         |                          | error   | error:5.1.3 bad"
            + " address syntax",
      })
  void aRecipientGoesThere(
      String recipient, String relay, String entry, String transport, String nextHop) {
    relayHost = relay == null ? "" : relay;
    if (entry != null) {
      tables = List.of(table(Map.of(entry.split("=", 2)[0], entry.split("=", 2)[1])));
    }
    Task task = tasks(Letters.to(recipient)).getFirst();
    assertThat(task.queue()).isEqualTo("delivery." + transport);
    assertThat(((Mail) task.body()).envelope().destination())
        .contains(Destination.of(transport, nextHop));
    assertThat(((Mail) task.body()).envelope().progress().queued()).isEqualTo(NOW);
  }

  @Test
  void whatALocalPartOfOursSaysIsWhereTheMailGoes() {
    Task task = tasks(Letters.to("u%far.example@ex.example")).getFirst();

    assertThat(((Mail) task.body()).envelope().destination())
        .contains(Destination.of("smtp", "far.example"));
    var recipient = ((Mail) task.body()).recipients().getFirst();
    assertThat(recipient.address()).isEqualTo(Address.of("u", "far.example"));
    assertThat(recipient.original()).isEqualTo(Address.of("u%far.example", "ex.example"));
  }

  @Test
  void theNearestKeyCountsAndForItTheFirstTable() {
    tables =
        List.of(
            table(Map.of("*", "smtp:[all]", ".example", "smtp:[example]")),
            table(Map.of("far.example", "smtp:[far]", "*", "smtp:[never]")));
    assertThat(hop("u@far.example")).isEqualTo("[far]");
    assertThat(hop("u@near.example")).isEqualTo("[example]");
    assertThat(hop("u@ex.test")).isEqualTo("[all]");
  }

  /// Postfix: `parent_domain_matches_subdomains` with and without `transport_maps`.
  @Test
  void aDomainStandsForThoseBelowOrWithADot() {
    tables =
        List.of(
            table(
                Map.of(
                    "far.example",
                    "smtp:[far]",
                    ".near.example",
                    "smtp:[near]",
                    "*",
                    "smtp:[all]")));
    assertThat(hop("u@a.b.far.example")).isEqualTo("[all]");
    assertThat(hop("u@a.b.near.example")).isEqualTo("[near]");
    parents = true;
    assertThat(hop("u@a.b.far.example")).isEqualTo("[far]");
    assertThat(hop("u@a.b.near.example")).isEqualTo("[all]");
  }

  @Test
  void aTableOfPatternsSeesTheWholeAddressAsWritten() {
    var asked = new ArrayList<String>();
    tables = List.of(recording(asked));
    hop("Ann+x@Far.example");
    assertThat(asked).containsExactly("Ann+x@Far.example");
  }

  @Test
  void aTableThatCannotBeAskedDefersThoseItIsAskedFor() {
    tables = List.of(broken());
    Handover next = routing().route(Letters.to("broken@far.example", "fine@far.example"));
    assertThat(addresses(next.tasks("delivery.*"))).containsExactly("fine@far.example");
    assertThat(addresses(next.tasks("deferred.*"))).containsExactly("broken@far.example");
    Mail waiting = (Mail) next.tasks("deferred.*").getFirst().body();
    assertThat(waiting.recipients().getFirst().last().orElseThrow().toString())
        .contains("4", "transport table: test: down");
    assertThat(waiting.envelope().progress().attempt()).isEqualTo(1);
  }

  @Test
  void aTransportThatDoesNotExistDefers() {
    tables = List.of(table(Map.of("far.example", "uucp:far")));
    Handover next = routing().route(Letters.to("a@far.example"));
    Mail waiting = (Mail) next.tasks("deferred.1m").getFirst().body();
    assertThat(waiting.recipients().getFirst().last().orElseThrow().text())
        .isEqualTo("mail transport unavailable: no transport named uucp");
  }

  private String hop(String recipient) {
    Mail mail = (Mail) tasks(Letters.to(recipient)).getFirst().body();
    return mail.envelope().destination().orElseThrow().nextHop();
  }

  /// Rows of the table in postfix's transport(5) and ADDRESS_CLASS_README; Letters are from
  /// joe@far.example.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u@far.example | joe@far.example=[own] | | smtp | [own]",
        "u@far.example | @far.example=[own]:587 | | smtp | [own]:587",
        "u@far.example | joe@far.example=dunno | | smtp | [smart]",
        "u@rel.example | joe@far.example=[own] | | smtp | [own]",
        "u@ex.example | joe@far.example=[own] | | local | ex.example",
        "u@far.example | | joe@far.example=slow | slow | [smart]",
        "u@far.example | joe@far.example=[own] | joe@far.example=slow | slow | [own]",
        "u@far.example | joe@far.example=[own] | joe@far.example=slow:[its] | slow | [its]",
        "u@far.example | | joe@far.example=error:5.7.1 no | error | error:5.7.1 no",
        "u@rel.example | | joe@far.example=slow | smtp | [smart]",
        "u@va.example | joe@far.example=[own] | joe@far.example=slow | error | error:5.1.1 User"
            + " unknown in virtual alias table",
      })
  void aSenderMayHaveItsOwnWay(
      String recipient, String relayHosts, String senderTransports, String to, String nextHop) {
    relayHost = "[smart]";
    senderRelayHost = senders(relayHosts);
    senderTransport = senders(senderTransports);
    Task task = tasks(Letters.to(recipient)).getFirst();
    assertThat(((Mail) task.body()).envelope().destination()).contains(Destination.of(to, nextHop));
  }

  /// Postfix: empty_address_default_transport_maps_lookup_key and its sibling.
  @ParameterizedTest
  @CsvSource({"<>, <>, slow, [own]", "nobody, <>, smtp, [own]", "<>, nobody, slow, [smart]"})
  void theNullSenderHasAKeyInEach(String transport, String host, String to, String nextHop) {
    relayHost = "[smart]";
    senderRelayHost = Cases.search("ex.example", "inline:{<>=[own]}");
    senderTransport = Cases.search("ex.example", "inline:{<>=slow}");
    nobody = new NullSenderSettings(transport, host);
    Mail report = Letters.to("u@far.example");
    Task task = tasks(report.with(report.envelope().with(ReversePath.NULL))).getFirst();
    assertThat(((Mail) task.body()).envelope().destination()).contains(Destination.of(to, nextHop));
  }

  @Test
  void theRelayTransportsOwnNextHopGoesFirst() {
    relayHost = "[smart]";
    relayTransport = "lmtp:inet:127.0.0.1:24";
    assertThat(hop("u@sub.rel.example")).isEqualTo("inet:127.0.0.1:24");
    assertThat(hop("u@far.example")).isEqualTo("[smart]");
  }

  @Test
  void whoHasMovedFailsWithTheNewAddressWhateverTheTransport() {
    relocated = Cases.search("ex.example", "inline:{old=new@far.example, o@far.example=x}");
    assertThat(hop("Old+ext@ex.example"))
        .isEqualTo("error:5.1.6 User has moved to new@far.example");
    tables = List.of(table(Map.of("far.example", "slow:")));
    assertThat(hop("o@far.example")).isEqualTo("error:5.1.6 User has moved to x");
  }

  @Test
  void theTransportTableIsNotAskedAboutAVirtualAliasDomain() {
    tables = List.of(table(Map.of("va.example", "slow:", "*", "slow:")));
    assertThat(hop("x@va.example")).startsWith("error:5.1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u@far.example | far.example=error:5.7.1 closed | 550 5.7.1 <u@far.example>: Recipient"
            + " address rejected: closed",
        "u@far.example | far.example=error: | 550 5.1.1 <u@far.example>: Recipient address"
            + " rejected: Address is undeliverable",
        "u@far.example | far.example=error:4.7.1 odd | 550 5.7.1 <u@far.example>: Recipient address"
            + " rejected: odd",
        "u@far.example | far.example=retry:4.3.2 later | 450 4.3.2 <u@far.example>: Recipient"
            + " address rejected: later",
        "moved@ex.example | x=y | 550 5.1.6 <moved@ex.example>: Recipient address rejected: User"
            + " has moved to home@far.example",
        "x@va.example | x=y | 550 5.1.1 <x@va.example>: Recipient address rejected: User unknown in"
            + " virtual alias table",
        "u@far.example | far.example=nosuch: | ",
        "u@far.example | x=y | ",
        "broken@far.example | | 451 4.3.0 <broken@far.example>: Temporary lookup failure",
      })
  void whatRoutingWouldFailIsRefusedAtOnce(String recipient, String entry, String reply) {
    relocated = Cases.search("ex.example", "inline:{moved=home@far.example}");
    tables =
        List.of(
            entry == null
                ? broken()
                : table(Map.of(entry.split("=", 2)[0], entry.split("=", 2)[1])));
    Address address = Address.parse(recipient);
    Verdict verdict =
        new Foresight(directions()).of(address, address, Letters.to("x@y.example").reversePath());
    String said =
        switch (verdict) {
          case Verdict.Reject(Reply r) -> r.toString();
          case Verdict.Defer(Reply r) -> r.toString();
          default -> null;
        };
    assertThat(said).isEqualTo(reply);
  }

  private static AddressSearch senders(String entry) {
    return entry == null
        ? Cases.search("ex.example")
        : Cases.search("ex.example", "inline:{{" + entry.replaceFirst("=", " = ") + "}}");
  }

  private static Table table(Map<String, String> entries) {
    return new Entries(
        false,
        key -> entries.containsKey(key) ? new Lookup.Found(entries.get(key)) : new Lookup.Absent());
  }

  private static Table broken() {
    return new Entries(
        false,
        key -> key.startsWith("broken@") ? new Lookup.Unavailable("down") : new Lookup.Absent());
  }

  private static Table recording(List<String> asked) {
    return new Entries(
        true,
        key -> {
          asked.add(key);
          return new Lookup.Absent();
        });
  }

  private record Entries(boolean patterns, Function<String, Lookup> entries) implements Table {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public Lookup find(String key) {
      return entries.apply(key);
    }
  }
}
