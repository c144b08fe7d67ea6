package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// What becomes of an attempt that a service cancels.
class WantedOutcomeTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final Attempt LATER = new Attempt.Deferred(Reason.of("4.2.0", "not now"));
  private static final Attempt NEVER = new Attempt.Failed(Reason.of("5.1.1", "unknown user"));
  private static final Attempt DONE = new Attempt.Delivered("250 2.0.0 Ok", RecipientResult.NOBODY);

  private static OutcomeHearing.Heard cancelled(boolean expired) {
    Mail mail = Letters.to("a@example.net", "b@example.net", "c@example.net");
    var attempts = List.of(LATER, NEVER, DONE).iterator();
    List<RecipientResult> results =
        mail.recipients().stream().map(each -> RecipientResult.of(each, attempts.next())).toList();
    var outcome = new TaskOutcome(mail, results, Delays.of(mail.envelope(), NOW, NOW, NOW), true);
    var plan = new OutcomeHearing.Plan("deferred.1h", NOW, Optional.empty(), NOW, expired);
    var wanted =
        new WantedOutcome(
            outcome, plan, new OutcomeHearing.Heard(results, Map.of(), UnaryOperator.identity()));
    wanted.cancel();
    assertThat(wanted.isCancelled()).isTrue();
    assertThat(wanted.isWaiting()).isFalse();
    return wanted.heard();
  }

  @Test
  void whoeverWaitsIsGivenUpAndNobodyIsTold() {
    OutcomeHearing.Heard heard = cancelled(false);
    assertThat(heard.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
    assertThat(heard.results().stream().skip(1).map(RecipientResult::attempt))
        .containsExactly(NEVER, DONE);
    assertThat(heard.wishes().keySet())
        .containsExactly(Recipient.of(Address.parse("a@example.net")));
    assertThat(heard.wishes().values()).allMatch(OutcomeHearing.Wish::silent);
  }

  /// It has failed by then, as the service was told.
  @Test
  void whoeverHasWaitedLongEnoughIsReported() {
    OutcomeHearing.Heard heard = cancelled(true);
    assertThat(heard.results().stream().map(RecipientResult::attempt))
        .containsExactly(LATER, NEVER, DONE);
    assertThat(heard.wishes()).isEmpty();
  }
}
