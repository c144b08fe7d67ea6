package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// A message on its way through a stage, from the broker that delivered it to the commit that
/// settles it. Touched only by whoever holds the lock of its {@link IndividualReader}, but for one
/// that has landed, which its settling thread has to itself.
///
/// | state | `begun` | `outcome` | what may come | then |
/// |---|---|---|---|---|
/// | waiting to be alone | no | none | its turn | in the stage |
/// | | | | the stage stops, or the connection breaks | forgotten: it is delivered again |
/// | in the stage | yes | none | the stage is done | landed |
/// | | | | the connection breaks | in the stage; landed when it is done, for the next delivery |
/// | | | | it is delivered again | in the stage, on the new connection |
/// | landed | yes | one | the commit succeeds | settled, and forgotten |
/// | | | | the commit is refused | landed; after too many refusals with the outcome `dead` |
/// | | | | the connection breaks | landed; settled when it is delivered again, forgotten if it is not |
final class Flight {
  /// An outcome that no redelivery has asked for in this time was settled, or another node has the
  /// message.
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  Received received;

  /// The connection that delivered it last.
  int connection;

  boolean begun;
  QueueStage.@Nullable Outcome outcome;
  private long landedAt;
  int refusals;

  Flight(Received received, int connection) {
    this.received = received;
    this.connection = connection;
  }

  /// Whether this is the same message, and not another broker's of the same number.
  boolean isOf(Received again) {
    return Arrays.equals(received.bytes(), again.bytes());
  }

  void deliveredAgain(Received again, int over) {
    received = again;
    connection = over;
  }

  void land(QueueStage.Outcome with) {
    outcome = with;
    landedAt = System.nanoTime();
  }

  QueueStage.Outcome outcome() {
    return Objects.requireNonNull(outcome, "still in flight");
  }

  boolean isForgotten() {
    return outcome != null && System.nanoTime() - landedAt > REMEMBERED.toNanos();
  }
}
