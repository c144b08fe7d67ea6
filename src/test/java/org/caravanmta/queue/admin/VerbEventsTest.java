package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.cli.AskedQueues;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.event.OperatorEvent;
import org.caravanmta.policy.LogLines;
import org.junit.jupiter.api.Test;

/// What the operator does to mail is told as it is done, and stands in the log.
class VerbEventsTest extends AdminAtBroker {
  private static final Optional<String> ALL = Optional.empty();

  private final List<Event> told = new ArrayList<>();

  @Test
  void eachVerbIsToldOnceForEachIdThatItWasDoneTo() throws Exception {
    for (String id : List.of("held", "gone", "late")) {
      put("deferred.1h", letter(id));
    }
    put("deferred.1m", letter("late"));
    try (var lines = new LogLines("org.caravanmta.queue.admin");
        var asked = asked(List.of());
        Events.Listening _ = Events.listen(told::add)) {
      asked.hold("", List.of("held"));
      asked.delete("", List.of("gone", "nowhere"));
      asked.flush(List.of("late"));
      asked.delete("", List.of("ALL"));
      asked.delete("", List.of("ALL"));

      assertThat(told)
          .containsExactly(
              new OperatorEvent.Held(Optional.of("held"), 1),
              new OperatorEvent.Deleted(Optional.of("gone"), 1),
              new OperatorEvent.Flushed(Optional.of("late"), 2),
              new OperatorEvent.Deleted(ALL, 3));
      assertThat(lines.lines())
          .containsExactly(
              "INFO held: placed on hold",
              "INFO gone: removed",
              "INFO late: flushed",
              "INFO Deleted: 3 messages");
    }
  }

  @Test
  void allThatIsReleasedIsCounted() throws Exception {
    put("hold", letter("one"));
    try (var lines = new LogLines("org.caravanmta.queue.admin");
        var asked = asked(List.of());
        Events.Listening _ = Events.listen(told::add)) {
      asked.release("", List.of("ALL"));

      assertThat(told).containsExactly(new OperatorEvent.Released(ALL, 1));
      assertThat(lines.lines()).containsExactly("INFO Released from hold: 1 message");
    }
  }

  @Test
  void whatCannotBeDoneIsNotTold() throws Exception {
    put("routing", letter("busy"));
    take("routing");
    try (AskedQueues asked = asked(List.of());
        Events.Listening _ = Events.listen(told::add)) {
      asked.delete("", List.of("busy"));

      assertThat(asked.err()).contains("not everything could be done");
      assertThat(told).isEmpty();
    }
  }
}
