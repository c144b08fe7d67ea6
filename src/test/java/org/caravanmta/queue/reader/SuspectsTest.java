package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuspectsTest {
  /// A queue whose broker cannot note anything.
  private static final QueueIntake BROKEN =
      new QueueIntake() {
        @Override
        public @Nullable Received receive(long patience) {
          return null;
        }

        @Override
        public boolean ready() {
          return false;
        }

        @Override
        public boolean closed() {
          return false;
        }

        @Override
        public void begun(Received one) throws ActiveMQException {
          throw new ActiveMQException("the journal is closed");
        }

        @Override
        public void acknowledge(Received one) {}

        @Override
        public void acknowledgeUpTo(Received last) {}
      };

  @Test
  void oneThatCannotBeBegunMakesRoomForTheNext() throws Exception {
    var suspects = new Suspects(new Solitude());
    suspects.add(suspect(1));
    suspects.add(suspect(2));
    Suspects.Turn first = suspects.next(Duration.ZERO).orElseThrow();
    assertThat(suspects.next(Duration.ZERO)).isEmpty();
    assertThatThrownBy(() -> first.begin(BROKEN)).hasMessage("the journal is closed");
    assertThat(suspects.next(Duration.ZERO)).isPresent();
  }

  private static Received suspect(long number) {
    Message message = new CoreMessage(number, 100);
    return new Received("routing", message, new byte[0], 3, message, List.of());
  }
}
