package org.caravanmta.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a message when a stage of ours breaks on it. Our own bug is not a bounce: the
/// message waits in a lane and is tried again, and at the fault limit it is set aside in the queue
/// `dead`, for the operator.
public final class Failure {
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  private final RetrySchedule schedule;
  private final QueueSettings own;
  private final InstantSource clock;

  public Failure(RetrySchedule schedule, QueueSettings own, InstantSource clock) {
    this.schedule = schedule;
    this.own = own;
    this.clock = clock;
  }

  /// @param consumed what the stage had taken from its queue
  @HandsOver({Queues.ANY_DEFERRED, Queues.DEAD})
  public Handover broken(Object consumed, Throwable why) {
    return Handover.of(
        List.of(
            switch (consumed) {
              case Mail mail -> {
                Mail again = faulty(mail);
                yield task(again, again, why);
              }
              case Notice notice -> {
                Mail again = faulty(notice.mail());
                yield task(again, notice.with(again), why);
              }
              case Object other -> {
                LOG.error("set aside as dead: a stage broke on {}", other, why);
                yield new Task(Queues.DEAD, other);
              }
            }));
  }

  private Task task(Mail mail, Object body, Throwable why) {
    int faults = mail.envelope().progress().faults();
    if (faults >= own.faultLimit()) {
      Events.tell(new DeliveryEvent.SetAside(mail, faults, why));
      return new Task(Queues.DEAD, body);
    }
    String queue = RetrySchedule.queue(schedule.wait(faults));
    Events.tell(new DeliveryEvent.Broken(mail, queue, why));
    return new Task(queue, body);
  }

  private Mail faulty(Mail mail) {
    Envelope envelope = mail.envelope();
    Progress progress = envelope.progress();
    int faults = progress.faults() + 1;
    Duration wait = schedule.wait(faults);
    Instant now = clock.instant();
    return mail.with(
        envelope.with(
            new Progress(progress.attempt(), faults, now.plus(wait), now, progress.warned())));
  }
}
