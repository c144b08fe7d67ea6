package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.event.Events;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.tls.client.SecurityLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What domains publish by MTA-STS (RFC 8461), beside what the operator has written.
class PublishedPoliciesTest extends PolicyServersInReach {
  /// A policy in force wants TLS with a certificate for the name; one that is tried out, and a
  /// level, table or next hop of the operator's, do not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enforce | mx.hoster.example | OFFERS  | good     | secure@sts |",
        "enforce | *.hoster.example  | OFFERS  | good     | secure@sts |",
        "enforce | mx.hoster.example | OFFERS  | stranger | | 4.7.5 Server certificate not trusted",
        "enforce | mx.hoster.example | NO_TLS  | good     | | 4.7.4 TLS is required, but was not",
        "enforce | mx.hoster.example | REFUSES | good     | | 4.7.0 TLS is required, but host",
        "enforce | mx.other.example  | OFFERS  | good     | | 4.7.5 mx.hoster.example is not one",
        "testing | mx.other.example  | OFFERS  | stranger | may |",
        "testing | mx.hoster.example | NO_TLS  | good     | may:none |",
      })
  void aPolicyInForceIsKept(
      String mode, String mx, Conduct conduct, String which, String tls, String reason)
      throws Exception {
    web.answer = policy(mode, mx);
    try (TlsSink sink = sink(conduct, which.equals("good") ? good : stranger)) {
      RecipientResult result = deliver(sink, mail("ann@far.example"));
      if (tls == null) {
        assertThat(waits(result)).startsWith(reason);
        assertThat(sink.taken()).isEmpty();
      } else {
        assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
        assertThat(result.tls()).isEqualTo(tls);
      }
    }
  }

  /// RFC 8461 §5, RFC 8460 §4.3: mail goes on, and what the policy would not have let pass is told,
  /// once for each connection.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "testing | mx.hoster.example | OFFERS | good     | may      | Trusted   |",
        "testing | mx.hoster.example | OFFERS | stranger | may      | Untrusted |"
            + " certificate-not-trusted",
        "testing | mx.hoster.example | OFFERS | expired  | may      | Untrusted |"
            + " certificate-expired",
        "testing | mx.hoster.example | OFFERS | other    | may      | Trusted   |"
            + " certificate-host-mismatch",
        "testing | mx.other.example  | OFFERS | good     | may      | Trusted   |"
            + " validation-failure",
        "testing | mx.hoster.example | NO_TLS | good     | may:none |           |"
            + " starttls-not-supported",
        "testing | mx.hoster.example | CLOSES_AFTER_220 | good | may:none@fallback | |"
            + " validation-failure",
        "trying  | mx.hoster.example | OFFERS | good     | may      | Trusted   |"
            + " sts-policy-invalid",
        "none    | mx.hoster.example | OFFERS | stranger | may      | Untrusted |",
      })
  void whatAPolicyOnTrialWouldNotHaveLetPassIsTold(
      String mode, String mx, Conduct conduct, String which, String tls, String trust, String said)
      throws Exception {
    web.answer = policy(mode, mx);
    var told = new CopyOnWriteArrayList<TlsEvent>();
    var listening =
        Events.listen(
            event -> {
              if (event instanceof TlsEvent its) {
                told.add(its);
              }
            });
    try (listening;
        TlsSink sink = sink(conduct, identity(which))) {
      RecipientResult result = deliver(sink, mail("ann@far.example"));
      assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(result.tls()).isEqualTo(tls);
    }
    TlsEvent event = told.getFirst();
    assertThat(event.session().policyType())
        .isEqualTo(mode.equals("none") ? "no-policy-found" : "sts");
    assertThat(event.session().domain()).isEqualTo("far.example");
    assertThat(event.shortcoming().map(it -> it.problem().toString()))
        .isEqualTo(Optional.ofNullable(said));
    if (trust != null) {
      assertThat(event)
          .isInstanceOfSatisfying(
              TlsEvent.Established.class,
              it -> assertThat(it.channel().proof().trust()).hasToString(trust));
    }
    assertThat(told.stream().filter(it -> it.shortcoming().isPresent()))
        .hasSize(said == null ? 0 : 1);
  }

  private static Identity identity(String which) {
    return switch (which) {
      case "good" -> good;
      case "expired" -> expired;
      case "other" -> other;
      default -> stranger;
    };
  }

  @Test
  void anOperatorsTableCountsMore() throws Exception {
    table = "may";
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      assertThat(deliver(sink, mail("ann@far.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(web.asked).hasValue(0);
    }
  }

  @Test
  void whereNoTlsIsWantedNobodyIsAsked() throws Exception {
    level = SecurityLevel.NONE;
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      assertThat(deliver(sink, mail("ann@far.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(web.asked).hasValue(0);
    }
  }

  /// Two domains have the same mail server; one of them publishes a policy with a wrong name.
  @Test
  void aWrongPolicyHoldsUpItsOwnDomainOnly() throws Exception {
    web.answer = policy("enforce", "mx.gone.example");
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      var destinations = destinations();
      for (int i = 0; i < 6; i++) {
        assertThat(waits(deliver(sink, mail("ann@far.example"), destinations)))
            .startsWith("4.7.5 mx.hoster.example is not one of the mail exchangers of the MTA-STS");
        assertThat(deliver(sink, mail("ann@near.example"), destinations).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
      assertThat(sink.sessions()).isEqualTo(1);
    }
  }

  /// The limit of a mail server is for whoever may talk to it: a domain whose policy is against it
  /// neither waits for it nor takes anything of it.
  @Test
  void aWrongPolicyTakesNoneOfTheConnectionsThatOthersShare() throws Exception {
    web.answer = policy("enforce", "mx.gone.example");
    var groups = new ServerGroups();
    Path rules = Files.writeString(kept.resolve("shaping"), "mx:mx.hoster.example connections=1");
    var destinations = destinations(Shaping.open(new ShapingSettings(List.of(rules), 100), groups));
    ServerGroup group = groups.all().getFirst();
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      try (ServerGroup.Place _ = group.enter(false).orElseThrow()) {
        assertThat(waits(deliver(sink, mail("ann@far.example"), destinations)))
            .startsWith("4.7.5 mx.hoster.example is not one of the mail exchangers");
        assertThat(waits(deliver(sink, mail("ann@near.example"), destinations)))
            .startsWith("4.4.5 1 of 1 connections with mx:mx.hoster.example in use");
      }
      // what fails alone has a line of its own, and does not wait for the others
      assertThat(destinations.line("far.example")).isEqualTo("far.example");
      assertThat(destinations.line("near.example")).isEqualTo("mx:mx.hoster.example");
      for (int i = 0; i < 3; i++) {
        deliver(sink, mail("ann@far.example"), destinations);
        assertThat(group.hasRoom()).isTrue();
        assertThat(deliver(sink, mail("ann@near.example"), destinations).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
    }
  }
}
