package org.caravanmta;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.config.NoticeSettings;
import org.caravanmta.config.Settings;
import org.caravanmta.report.Postmaster;
import org.caravanmta.report.Templates;

/// Who is told what when mail cannot be delivered, by the settings.
final class NoticeBeans {
  private NoticeBeans() {}

  static Postmaster postmaster(NoticeSettings notices, Origin origin) {
    var told = new EnumMap<Postmaster.Concern, Address>(Postmaster.Concern.class);
    List<String> classes = notices.classes();
    if (classes.contains("bounce")) {
      told.put(Postmaster.Concern.BOUNCE, origin.complete(notices.bounceRecipient()));
    }
    // as Postfix has it, bounce is 2bounce too
    if (classes.contains("bounce") || classes.contains("2bounce")) {
      told.put(Postmaster.Concern.DOUBLE_BOUNCE, origin.complete(notices.doubleBounceRecipient()));
    }
    if (classes.contains("delay")) {
      told.put(Postmaster.Concern.DELAY, origin.complete(notices.delayRecipient()));
    }
    return new Postmaster(told, new Address("double-bounce", origin.domain()));
  }

  /// @throws IllegalArgumentException says what is wrong in the file
  static Templates templates(Settings settings, String hostname, Origin origin) {
    Map<String, String> values = new HashMap<>();
    int dot = hostname.indexOf('.');
    values.put("myhostname", hostname);
    values.put("mydomain", hostname.substring(dot + 1));
    values.put("myorigin", origin.domain().name());
    values.put("mail_name", "Caravan");
    times(values, "maximal_queue_lifetime", settings.queue().lifetime());
    times(values, "bounce_queue_lifetime", settings.report().lifetime());
    times(values, "delay_warning_time", settings.queue().delayWarning());
    return settings
        .notices()
        .templateFile()
        .map(
            file -> {
              try {
                return Templates.read(file, values);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("notices.template-file: " + e.getMessage(), e);
              }
            })
        .orElse(Templates.OURS);
  }

  /// `$delay_warning_time_hours` and the like, rounded up.
  private static void times(Map<String, String> values, String name, Duration time) {
    Map.of("seconds", 1, "minutes", 60, "hours", 3600, "days", 86_400, "weeks", 604_800)
        .forEach(
            (unit, seconds) ->
                values.put(
                    name + "_" + unit, String.valueOf((time.toSeconds() + seconds - 1) / seconds)));
  }
}
