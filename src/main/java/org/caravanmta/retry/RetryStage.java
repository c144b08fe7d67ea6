package org.caravanmta.retry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// What follows an attempt, and a fault: the lanes, a report, or nothing more.
public final class RetryStage implements Stage {
  private final RetrySchedule schedule;
  private final Retry retry;
  private final Failure failure;
  private final ForceExpiry expiry;
  private final InstantSource clock;

  /// @param reports how old a report may get before it has failed
  /// @param soft whether failed recipients wait as if deferred (postfix `soft_bounce`)
  /// @param doubles whether the postmaster hears of mail that can be neither delivered nor returned
  /// @param cleared whether senders hear of the end of a delay that they were told of
  /// @param hearing who hears of attempts
  public RetryStage(
      QueueSettings own,
      Duration reports,
      boolean soft,
      boolean doubles,
      boolean cleared,
      OutcomeHearing hearing,
      House house) {
    this.schedule = new RetrySchedule(own.times(), reports);
    this.retry =
        new Retry(schedule, soft, doubles, cleared, hearing, house.store()::link, house.clock());
    this.clock = house.clock();
    this.expiry = new ForceExpiry(doubles);
    this.failure = new Failure(schedule, own, house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("retry", retry, "failure", failure, "forceExpiry", expiry);
  }

  public Retry retry() {
    return retry;
  }

  /// For stages before delivery.
  public Deferral deferral() {
    return new Deferral() {
      @Override
      public Handover defer(Mail mail, Reason reason) {
        return retry.defer(mail, reason);
      }

      @Override
      public boolean isOver(Mail mail) {
        return schedule.expired(mail.envelope(), clock.instant());
      }
    };
  }

  /// The lanes and their times.
  public RetrySchedule schedule() {
    return schedule;
  }
}
