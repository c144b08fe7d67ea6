package org.caravanmta.retry;

import java.util.Map;
import org.caravanmta.config.Settings;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// What follows an attempt, and a fault: the lanes, a report, or nothing more.
public final class RetryStage implements Stage {
  private final RetrySchedule schedule;
  private final Retry retry;
  private final Failure failure;

  /// @param reports the section of reports
  /// @param soft whether failed recipients wait as if deferred (postfix `soft_bounce`)
  /// @param doubles whether the postmaster hears of mail that can be neither delivered nor returned
  public RetryStage(
      Settings.Queue own, Settings.Report reports, boolean soft, boolean doubles, House house) {
    this.schedule =
        new RetrySchedule(own.lanes(), own.lifetime(), reports.lifetime(), own.delayWarning());
    this.retry = new Retry(schedule, soft, doubles, house.store()::link, house.clock());
    this.failure = new Failure(schedule, own.faultLimit(), house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("retry", retry, "failure", failure);
  }

  public Retry retry() {
    return retry;
  }

  /// The lanes and their times.
  public RetrySchedule schedule() {
    return schedule;
  }
}
