package org.caravanmta.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The services that hear of deliveries and reports (`filters.outbound`): each as the one before it
/// has left them, until one of them cancels what is left to do.
public final class OutboundStage implements Stage {
  private final List<OutboundService> services = new ArrayList<>();

  /// @throws IllegalArgumentException says which line is wrong, and what was expected
  public OutboundStage(FilterSettings own, House house) {
    for (String line : own.outbound()) {
      try {
        services.add(
            OutboundService.of(
                FilterWords.read(line)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "expected a service such as http https://hooks.example.com/register"
                                    + " stages=delivery+defer+dsn")),
                own.times().patience(),
                house));
      } catch (IllegalArgumentException e) {
        String why = String.valueOf(e.getMessage());
        String shown = "\"" + FilterWords.shown(line) + "\": ";
        throw new WrongSetting("filters.outbound", why.startsWith(shown) ? why : shown + why, e);
      }
    }
  }

  /// All of them, as one.
  public OutcomeHearing hearing() {
    return services.isEmpty() ? OutcomeHearing.NOBODY : new All();
  }

  private final class All implements OutcomeHearing {
    @Override
    public Heard outcome(TaskOutcome outcome, Plan plan) {
      Heard heard = Heard.unchanged(outcome);
      for (OutboundService service : services) {
        WantedOutcome wanted = service.outcome(outcome, plan, heard);
        heard = wanted.heard();
        if (wanted.isCancelled()) {
          break;
        }
      }
      return heard;
    }

    @Override
    public Optional<Mail> report(Notice notice, Mail report) {
      Optional<Mail> left = Optional.of(report);
      for (OutboundService service : services) {
        left = left.flatMap(mail -> service.report(notice, mail));
      }
      return left;
    }
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of();
  }

  @Override
  public void close() {
    services.forEach(OutboundService::close);
  }
}
