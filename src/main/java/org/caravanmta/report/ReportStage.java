package org.caravanmta.report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.caravanmta.address.Origin;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.event.Events;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.retry.QueueSettings;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.jspecify.annotations.Nullable;

/// The stage `report`: who is told what when mail cannot be delivered.
public final class ReportStage implements Stage {
  private final Postmaster postmaster;
  private final Reports reports;
  private final NoticeSettings notices;
  private final House house;
  private Events.@Nullable Listening listening;

  /// @param notices who else is told, and in which words
  /// @param queue the section of the queue, whose times reports name
  /// @param hearing who hears of reports to senders
  public ReportStage(
      ReportSettings own,
      NoticeSettings notices,
      QueueSettings queue,
      OutcomeHearing hearing,
      House house) {
    this.notices = notices;
    this.house = house;
    Origin origin = house.local().origin();
    this.postmaster = Postmaster.of(notices, origin);
    this.reports =
        new Reports(
            house.hostname(),
            origin.domain(),
            own,
            queue.times(),
            house.ids(),
            house.store()::read,
            house.clock(),
            postmaster,
            templates(own, notices, queue, house),
            hearing);
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("reports", reports);
  }

  /// From now on the postmaster gets transcripts of sessions, if that is wanted.
  public void post(SessionNotices.Postbox postbox) {
    if (!notices.troubles().isEmpty()) {
      var told =
          new SessionNotices(
              postmaster.sender(),
              house.local().origin().complete(notices.sessionRecipient()),
              notices.troubles(),
              house.hostname(),
              postbox,
              Thread::startVirtualThread);
      listening = Events.listen(told::hear);
    }
  }

  @Override
  public void close() {
    if (listening != null) {
      listening.close();
    }
  }

  /// Whether the postmaster hears of mail that can be neither delivered nor returned.
  public boolean doubles() {
    return postmaster.told().containsKey(Postmaster.Concern.DOUBLE_BOUNCE);
  }

  /// @throws IllegalArgumentException says what is wrong in the file
  private static Templates templates(
      ReportSettings own, NoticeSettings notices, QueueSettings queue, House house) {
    Map<String, String> values = new HashMap<>();
    int dot = house.hostname().indexOf('.');
    values.put("myhostname", house.hostname());
    values.put("mydomain", house.hostname().substring(dot + 1));
    values.put("myorigin", house.local().origin().domain().name());
    values.put("mail_name", "Caravan");
    times(values, "maximal_queue_lifetime", queue.times().lifetime());
    times(values, "bounce_queue_lifetime", own.lifetime());
    times(values, "delay_warning_time", queue.times().delayWarning());
    return notices
        .templateFile()
        .map(
            file -> {
              try {
                return Templates.read(file, values);
              } catch (IllegalArgumentException e) {
                throw new WrongSetting("notices.template-file", String.valueOf(e.getMessage()), e);
              }
            })
        .orElse(Templates.OURS);
  }

  /// `$delay_warning_time_hours` and its like, rounded up.
  private static void times(Map<String, String> values, String name, Duration time) {
    Map.of("seconds", 1, "minutes", 60, "hours", 3600, "days", 86_400, "weeks", 604_800)
        .forEach(
            (unit, seconds) ->
                values.put(
                    name + "_" + unit, String.valueOf((time.toSeconds() + seconds - 1) / seconds)));
  }
}
