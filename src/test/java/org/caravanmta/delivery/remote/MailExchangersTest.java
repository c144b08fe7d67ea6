package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.remote.AddressChoice.Family;
import org.caravanmta.delivery.remote.AddressChoice.Preference;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;

/// Which servers of a domain are tried, and what their answers come to for a recipient.
class MailExchangersTest extends ServersInReach {
  @Test
  void theExchangerWithTheLowestPreferenceIsTriedFirst() {
    zones.zone("@ MX 20 mx2\n@ MX 10 mx1\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().relay())
        .isEqualTo("mx1.far.example[127.0.0.1]:" + server.port());
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
  }

  @Test
  void anExchangerThatCannotBeReachedIsPassedOver() {
    zones.zone("@ MX 10 mx0\n@ MX 20 mx1\nmx0 A 127.0.0.9\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);
    assertThat(outcome.results().getFirst().relay()).startsWith("mx1.far.example");
  }

  @Test
  void whoIsDeferredAtOneExchangerIsTriedAtTheNextAndWhoIsRefusedIsNot() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on("RCPT TO:<busy", "450 4.2.1 later").on("RCPT TO:<gone", "550 5.1.1 no such user");
      TaskOutcome outcome =
          deliver(
              "far.example", Letters.to("a@far.example", "busy@far.example", "gone@far.example"));
      assertThat(server.received().getFirst().recipients()).containsExactly("a@far.example");
      assertThat(second.received().getFirst().recipients()).containsExactly("busy@far.example");
      assertThat(outcome.results())
          .extracting(result -> result.attempt().getClass().getSimpleName())
          .containsExactly("Delivered", "Delivered", "Failed");
    }
  }

  @Test
  void serversThatShareTheLoadStandInForEachOther() {
    String set = "[127.0.0.1]:%1$d*2|[127.0.0.2]:%1$d".formatted(server.port());
    try (var second = sibling()) {
      deliverMany(set, 40);
      assertThat(server.received().size() + second.received().size()).isEqualTo(40);
      assertThat(server.received()).hasSizeBetween(10, 39);
      assertThat(second.received()).isNotEmpty();
    }
    deliverMany(set, 10);
    assertThat(deliverMany(set, 10)).allMatch(outcome -> outcome instanceof Attempt.Delivered);
  }

  private List<Attempt> deliverMany(String nextHop, int messages) {
    return IntStream.range(0, messages)
        .mapToObj(_ -> deliver(nextHop, Letters.to("a@far.example")))
        .map(outcome -> outcome.results().getFirst().attempt())
        .toList();
  }

  /// What we do not call may be called by another server of ours, or when the setting changes.
  @Test
  void mailWaitsForADomainWhoseAddressesAreOfAProtocolThatIsNotSpoken() {
    addresses = new AddressChoice(true, Preference.ANY, List.of(Family.IPV4));
    zones.zone("@ MX 10 mx1\nmx1 AAAA 2001:db8::1\n@ AAAA 2001:db8::2");
    for (String hop : List.of("far.example", "[mx1.far.example]")) {
      Attempt attempt = deliver(hop, Letters.to("a@far.example")).results().getFirst().attempt();
      assertThat(attempt)
          .isInstanceOfSatisfying(
              Attempt.Deferred.class,
              deferred ->
                  assertThat(deferred.reason().toString())
                      .contains("no address of the protocols in delivery.outgoing.protocols"));
    }
  }

  @Test
  void whatNeedsSmtputf8GoesToTheExchangerThatOffersIt() {
    try (var second = sibling()) {
      second.offering("SMTPUTF8");
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      TaskOutcome outcome = deliver("far.example", Letters.to("jörg@far.example"));
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(second.received().getFirst().recipients()).containsExactly("jörg@far.example");
    }
  }

  /// RFC 8689 §4.2.1: only a server that offers REQUIRETLS has it.
  @Test
  void whatRequiresTlsGoesToTheExchangerThatKeepsItThere() {
    Mail plain = Letters.to("a@far.example");
    Mail secret = plain.with(plain.envelope().with(plain.envelope().parameters().withRequireTls()));
    try (var second = sibling()) {
      second.offering("REQUIRETLS");
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      TaskOutcome outcome = deliver("far.example", secret);
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(outcome.results().getFirst().relay()).startsWith("mx2.far.example[127.0.0.2]");
      assertThat(second.commands()).contains("MAIL FROM:<joe@far.example> REQUIRETLS");
      // the first was asked, and has seen nothing of it
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));

      zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
      outcome = deliver("far.example", secret);
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
      assertThat(reason(outcome).status()).hasToString("5.7.30");
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void whatNoExchangerOffersFailsAtTheLastAndWaitsForOneThatIsAway() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("jörg@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
    assertThat(reason(outcome).status()).hasToString("5.6.7");
    assertThat(outcome.results().getFirst().relay()).startsWith("mx1.far.example[127.0.0.1]");

    zones.zone("@ MX 10 mx1\n@ MX 20 mx0\nmx0 A 127.0.0.9\nmx1 A 127.0.0.1");
    TaskOutcome later = deliver("far.example", Letters.to("jörg@far.example"));
    assertThat(later.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aServerThatGreetsWith554IsPassedOverAndAtTheEndDefers() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    server.greeting("554 5.7.1 not you");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(reason(outcome).text()).contains("refused to talk to me: 554 5.7.1 not you");
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void anAnswerThatIsMissingAfterTheDotIsNotSoughtElsewhere() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on(".", TestServer.CLOSE);
      TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
      assertThat(reason(outcome).text()).contains("message may be sent more than once");
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void aDomainWithoutExchangersIsItsOwn() {
    zones.zone("@ A 127.0.0.1");
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);
  }

  @Test
  void aNullMxRefusesAllMail() {
    zones.zone("@ MX 0 .\n@ A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(
                Reason.of("5.1.0", "Domain far.example does not accept mail (nullMX)")));
    assertThat(server.connections()).isZero();
  }

  @Test
  void aDomainThatIsNotThereFailsAndOneThatCannotBeAskedForDoesNot() {
    TaskOutcome outcome = deliver("nowhere.example", Letters.to("a@nowhere.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(
                Reason.of(
                    "5.4.4",
                    "Host or domain name not found. Name service error for name=nowhere.example"
                        + " type=AAAA: Host not found")));
    zones.fail();
    outcome = deliver("other.example", Letters.to("a@other.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Deferred(
                Reason.of(
                    "4.4.3",
                    "Host or domain name not found. Name service error for name=other.example"
                        + " type=MX: Host not found, try again")));
  }

  @Test
  void anExchangerThatCannotBeLookedUpIsReasonToTryAgain() {
    zones.zone("@ MX 10 mx1\n@ MX 20 mx2");
    zones.fail("mx2.far.example");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("4.4.3");
  }

  @Test
  void aRelayHostThatIsNotThereFailsNobody() {
    TaskOutcome outcome = deliver("relay.nowhere.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(reason(outcome).status().toString()).isEqualTo("4.3.5");
    assertThat(reason(deliver("[bad", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("4.3.5");
  }

  @Test
  void aHostInBracketsIsNotAskedForExchangersAndAListIsTriedInOrder() {
    zones.zone("host A 127.0.0.1\nhost MX 10 elsewhere");
    deliver("[host.far.example]:" + server.port(), Letters.to("a@far.example"));
    deliver("[127.0.0.9], [127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(2);
  }

  @Test
  void manyUnreachableAddressesOfOneProtocolDoNotHideTheOther() {
    zones.zone(
        "@ MX 10 mx1\n@ MX 20 mx2\nmx2 A 127.0.0.1\n"
            + IntStream.range(1, 9).mapToObj("mx1 AAAA fd00::%x\n"::formatted).toList().stream()
                .reduce("", String::concat));
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);

    tries = new Tries(5, 2, false);
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
        .contains("[fd00:");
  }

  @Test
  void asManyServersAreTriedAsTheOperatorSays() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on("MAIL", "450 4.7.1 later");
      tries = new Tries(5, 1, true);
      assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
          .contains("mx1.far.example");
      tries = new Tries(1, 0, true);
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(second.connections()).isZero();
      tries = new Tries(0, 0, true);
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(second.received()).hasSize(1);
    }
  }
}
