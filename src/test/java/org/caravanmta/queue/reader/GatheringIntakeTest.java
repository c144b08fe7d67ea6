package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.caravanmta.address.Address;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// When what is gathered is given out, on a clock that goes as the intake is waited for.
class GatheringIntakeTest {
  private static final long PATIENCE = 2000;

  private final Queue<Arrival> arrivals = new ArrayDeque<>();
  private long millis;

  private record Arrival(long at, Received received) {}

  /// Each of a message whose arrivals are in this order.
  private final QueueIntake arriving =
      new QueueIntake() {
        @Override
        public @Nullable Received receive(long patience) {
          Arrival next = arrivals.peek();
          if (next == null || next.at() > millis + patience) {
            millis += patience;
            return null;
          }
          millis = Math.max(millis, next.at());
          return arrivals.remove().received();
        }

        @Override
        public boolean ready() {
          return !arrivals.isEmpty() && arrivals.peek().at() <= millis;
        }

        @Override
        public boolean closed() {
          return false;
        }

        @Override
        public void acknowledge(Received one) {}

        @Override
        public void acknowledgeUpTo(Received last) {}
      };

  @Test
  void oneAloneIsGivenOutWhenNoOtherHasCome() throws Exception {
    arrive(100, "one");
    assertThat(given(20_000)).containsExactly("one 1 at 2101");
  }

  @Test
  void eachThatComesMakesTheOthersWaitOn() throws Exception {
    arrive(0, "one");
    arrive(1500, "one");
    arrive(3000, "one");
    assertThat(given(20_000)).containsExactly("one 3 at 5001");
  }

  @Test
  void notLongerThanThreeTimesInAll() throws Exception {
    for (long at = 0; at < 9000; at += 500) {
      arrive(at, "one");
    }
    assertThat(given(20_000)).containsExactly("one 13 at 6000", "one 5 at 10501");
  }

  @Test
  void whatIsDueFirstComesFirst() throws Exception {
    arrive(0, "slow");
    arrive(100, "quick");
    arrive(1900, "slow");
    assertThat(given(20_000)).containsExactly("quick 1 at 2101", "slow 2 at 3901");
  }

  @Test
  void whereTooManyWaitTheOldestGoBeforeTheirTime() throws Exception {
    IntStream.range(0, 2001).forEach(n -> arrive(0, "m" + n));
    var first = given(1);
    assertThat(first).startsWith("m0 1 at 0").hasSizeLessThan(4);
    assertThat(given(20_000)).hasSize(2001 - first.size());
  }

  private void arrive(long at, String id) {
    var recipient = Recipient.of(Address.parse("user" + arrivals.size() + "@example.net"));
    var notice = new Notice(Notice.Action.FAILED, Letters.letter(id).with(List.of(recipient)));
    long number = arrivals.size() + 1L;
    arrivals.add(
        new Arrival(
            at,
            new Received(
                "report",
                new CoreMessage(number, 64),
                Depot.CODECS.encode(notice),
                0,
                number,
                List.of())));
  }

  private final GatheringIntake gathering =
      new GatheringIntake(
          arriving,
          Depot.CODECS,
          Duration.ofMillis(PATIENCE).toNanos(),
          () -> Duration.ofMillis(millis).toNanos());

  /// What is given out in that time: of which message, how many as one, and when.
  private List<String> given(long wait) throws Exception {
    var all = new ArrayList<String>();
    for (Received next = gathering.receive(wait); next != null; next = gathering.receive(wait)) {
      var notice = (Notice) Depot.CODECS.decode(next.bytes());
      assertThat(next.along()).hasSize(notice.mail().recipients().size() - 1);
      all.add(
          "%s %d at %d".formatted(notice.mail().id(), notice.mail().recipients().size(), millis));
    }
    return all;
  }
}
