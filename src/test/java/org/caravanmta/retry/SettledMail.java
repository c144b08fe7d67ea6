package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Content;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;

/// What an attempt has come to, and what is made of it.
abstract class SettledMail {
  static final Reason BUSY = Reason.of("4.2.1", "busy");
  static final Reason GONE = Reason.of("5.1.1", "gone");
  static final Attempt DEFERRED = new Attempt.Deferred(BUSY);
  static final Attempt FAILED = new Attempt.Failed(GONE);

  static final Attempt DELIVERED = new Attempt.Delivered("250 2.1.5 Ok", "mx[192.0.2.1]:25");

  final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED.plusSeconds(10));

  final InstantSource clock = now::get;

  final RetrySchedule schedule =
      new RetrySchedule(
          List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(1)),
          Duration.ofDays(5));

  final List<String> linked = new ArrayList<>();

  Links links =
      (from, ref) -> {
        linked.add(ref);
        return new Content.Stored(ref, from.length(), from.crc());
      };

  Handover settle(Mail mail, Attempt... attempts) {
    return retry().settle(outcome(mail, attempts));
  }

  Retry retry() {
    return new Retry(schedule, links, clock);
  }

  TaskOutcome outcome(Mail mail, Attempt... attempts) {
    var results = new ArrayList<RecipientResult>();
    Arrays.stream(attempts)
        .forEach(a -> results.add(RecipientResult.of(mail.recipients().get(results.size()), a)));
    return of(mail, results.toArray(RecipientResult[]::new));
  }

  TaskOutcome of(Mail mail, RecipientResult... results) {
    return new TaskOutcome(
        mail, List.of(results), Delays.of(mail.envelope(), now.get(), now.get(), now.get()), true);
  }

  static Mail waiting(Handover next, int attempt) {
    Mail waiting = (Mail) next.tasks("deferred.*").getFirst().body();
    assertThat(waiting.envelope().progress().attempt()).isEqualTo(attempt);
    return waiting;
  }

  static Object only(List<Task> tasks, String queue) {
    assertThat(tasks).extracting(Task::queue).containsExactly(queue);
    return tasks.getFirst().body();
  }
}
