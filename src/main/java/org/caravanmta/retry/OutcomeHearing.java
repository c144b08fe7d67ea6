package org.caravanmta.retry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;

/// Somebody outside who hears what has come of each attempt, before anything follows from it, and
/// of each report before it is sent, and may want it otherwise. What cannot be heard in time is
/// left as it is.
public interface OutcomeHearing {
  /// Nobody, at no cost.
  OutcomeHearing NOBODY =
      new OutcomeHearing() {
        @Override
        public Heard outcome(TaskOutcome outcome, Plan plan) {
          return Heard.unchanged(outcome);
        }

        @Override
        public Optional<Mail> report(Notice notice, Mail report) {
          return Optional.of(report);
        }
      };

  /// What it wants to have made of an attempt.
  Heard outcome(TaskOutcome outcome, Plan plan);

  /// A report to a sender as it is to be sent; absent if it is not to be.
  Optional<Mail> report(Notice notice, Mail report);

  /// What follows if it wants nothing else.
  ///
  /// @param queue where the recipients wait
  /// @param nextAttempt when those who wait are tried again
  /// @param nextReport when the sender is told that they wait; absent if he is not
  /// @param expires when they will have waited long enough
  /// @param expired whether they have
  record Plan(
      String queue,
      Instant nextAttempt,
      Optional<Instant> nextReport,
      Instant expires,
      boolean expired) {}

  /// What is wanted for one recipient.
  ///
  /// @param nextAttempt when he is tried again, if he waits; absent for as usual
  /// @param silent whether nobody is told, if he will not get the message
  /// @param report whether the sender is told that he waits
  record Wish(Optional<Instant> nextAttempt, boolean silent, Report report) {
    public static final Wish NONE = new Wish(Optional.empty(), false, Report.USUAL);

    /// When the sender is told that a recipient waits.
    public enum Report {
      USUAL,
      NOW,
      NEVER
    }
  }

  /// What is wanted of an outcome.
  ///
  /// @param results in the place of those of the attempt, one for each of them
  /// @param wishes for recipients as they are before their first attempt
  /// @param headers makes the header section of the message for those who wait
  record Heard(
      List<RecipientResult> results, Map<Recipient, Wish> wishes, UnaryOperator<Headers> headers) {
    public Heard {
      results = List.copyOf(results);
      wishes = Map.copyOf(wishes);
    }

    /// Nothing else than what the attempt has come to.
    public static Heard unchanged(TaskOutcome outcome) {
      return new Heard(outcome.results(), Map.of(), UnaryOperator.identity());
    }

    Wish of(Recipient recipient) {
      return wishes.getOrDefault(recipient.untried(), Wish.NONE);
    }

    Mail waiting(Mail mail) {
      Headers changed = headers.apply(mail.headers());
      return changed == mail.headers() ? mail : mail.with(changed);
    }
  }
}
