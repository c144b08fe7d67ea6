package org.caravanmta.delivery.watch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.headway.Cut;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// A delivery whose attempts are known while they are made, and can be cut (RFC 5321 §4.5.3.2: a
/// client must not wait forever). Recipients of an attempt that has been cut are deferred, unless
/// it had come to an end for them by then. There is one outcome, and it is the attempt's own.
public final class WatchedDelivery {
  private final Function<Mail, TaskOutcome> delivery;
  private final AtWork work;
  private final InstantSource clock;

  public WatchedDelivery(Function<Mail, TaskOutcome> delivery, AtWork work, InstantSource clock) {
    this.delivery = delivery;
    this.work = work;
    this.clock = clock;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    DeliveryTask task = work.begin(mail);
    Optional<Cut> cut = Optional.empty();
    Optional<TaskOutcome> outcome = Optional.empty();
    try {
      outcome = Optional.of(task.headway().during(() -> delivery.apply(mail)));
    } catch (RuntimeException e) {
      if (!task.headway().isCut()) {
        throw e; // a fault of ours
      }
    } finally {
      cut = work.end(task);
    }
    if (cut.isEmpty()) {
      return outcome.orElseThrow();
    }
    var deferred = new Attempt.Deferred(Reason.of("4.4.2", cut.get().why()));
    return outcome.map(it -> ended(it, deferred)).orElseGet(() -> all(mail, deferred));
  }

  private static TaskOutcome ended(TaskOutcome outcome, Attempt.Deferred deferred) {
    return new TaskOutcome(
        outcome.mail(),
        outcome.results().stream().map(result -> ended(result, deferred)).toList(),
        outcome.times(),
        true,
        outcome.onward());
  }

  private static RecipientResult ended(RecipientResult result, Attempt.Deferred deferred) {
    return result.attempt() instanceof Attempt.Deferred
        ? new RecipientResult(
            result.recipient(),
            deferred,
            result.relay(),
            result.uses(),
            result.success(),
            result.tls())
        : result;
  }

  private TaskOutcome all(Mail mail, Attempt.Deferred deferred) {
    Instant now = clock.instant();
    return TaskOutcome.all(mail, deferred, Delays.of(mail.envelope(), now, now, now));
  }
}
