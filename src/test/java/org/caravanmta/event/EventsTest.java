package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.policy.LogLines;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

class EventsTest {
  private final Event event = new SubmissionEvent.Dropped(Letters.to("ann@ex.example"));

  @Test
  void whoListensHearsUntilItDoesNotAnyMore() {
    var heard = new ArrayList<Event>();
    try (var _ = Events.listen(heard::add)) {
      Events.tell(event);
    }
    Events.tell(new SubmissionEvent.Dropped(Letters.to("bob@ex.example")));
    assertThat(heard).containsExactly(event);
  }

  @Test
  void aListenersFaultIsNotTheMails() {
    var heard = new ArrayList<Event>();
    try (var log = new LogLines(Events.class.getName());
        var _ = Events.listen(this::fails);
        var _ = Events.listen(heard::add)) {
      Events.tell(event);
      assertThat(heard).containsExactly(event);
      assertThat(log.lines()).isEqualTo(List.of("ERROR an event was not heard: Dropped"));
    }
  }

  private void fails(Event told) {
    throw new IllegalStateException("a fault about " + told);
  }
}
