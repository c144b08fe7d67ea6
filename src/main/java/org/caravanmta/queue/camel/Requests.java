package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.caravanmta.queue.Connections;
import org.caravanmta.queue.embedded.DirectLane;
import org.caravanmta.queue.remote.SessionLane;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// The questions this process has put to stages and not yet been answered. Neither question nor
/// answer is kept on disk: whoever asks still has what it asks about.
public final class Requests implements AutoCloseable {
  public static final String QUESTION = "question";
  public static final String REPLY_TO = "replyTo";

  /// On an answer: the stage broke on the question, and why.
  public static final String FAILED = "failed";

  /// What the names of reply queues start with.
  public static final String REPLIES = "reply.";

  /// Connections to a broker elsewhere, so that more than one answer is taken at a time.
  private static final int LANES = 2;

  /// Told once, on a thread that must not be kept.
  interface Asker {
    void answered(byte[] reply);

    void unanswered(String why);
  }

  /// A way for questions to their stages, and for answers back.
  public interface Lane extends AutoCloseable {
    /// @param question its number, which the answer names
    /// @param end when nobody waits any more, by the machine's clock
    /// @param failed told why the question has not left, if it has not
    void ask(Frame frame, long question, long end, Consumer<String> failed);

    @Override
    void close();
  }

  private record Pending(Asker asker, long since, Duration patience, Lane lane) {
    boolean overdue(long now) {
      return now - since > patience.toNanos();
    }
  }

  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final List<? extends Lane> lanes;

  Requests(Connections connections, Topology topology) {
    this.lanes =
        connections
            .interior()
            .<List<? extends Lane>>map(
                interior -> List.of(new DirectLane(interior, topology, this)))
            .orElseGet(
                () ->
                    IntStream.range(0, LANES)
                        .mapToObj(number -> new SessionLane(number, connections, topology, this))
                        .toList());
  }

  void ask(Frame frame, Duration patience, Asker asker) {
    long question = count.incrementAndGet();
    // the broker compares this with the machine's clock
    long end = System.currentTimeMillis() + patience.toMillis();
    Lane lane = lanes.get((int) (question % lanes.size()));
    pending.put(question, new Pending(asker, System.nanoTime(), patience, lane));
    lane.ask(frame, question, end, why -> unanswered(question, why));
  }

  /// Forgets the questions whose time is up; an answer that comes later is dropped.
  ///
  /// @return how many
  int expire() {
    long now = System.nanoTime();
    int expired = 0;
    for (var entry : pending.entrySet()) {
      if (entry.getValue().overdue(now)) {
        var patience = entry.getValue().patience();
        expired += unanswered(entry.getKey(), "no answer within " + patience.toMillis() + " ms");
      }
    }
    return expired;
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
    for (Long question : pending.keySet()) {
      unanswered(question, "this Caravan is stopping");
    }
  }

  /// An answer has come.
  ///
  /// @param failed why it is none; null if it is one
  public void answered(long question, byte[] body, @Nullable String failed) {
    Pending asked = pending.remove(question);
    if (asked == null) {
      return;
    }
    if (failed == null) {
      asked.asker().answered(body);
    } else {
      asked.asker().unanswered("failed: " + failed);
    }
  }

  private int unanswered(Long question, String why) {
    Pending asked = pending.remove(question);
    if (asked == null) {
      return 0;
    }
    asked.asker().unanswered(why);
    return 1;
  }

  /// No answer will come over this lane to what it has asked.
  public void lost(Lane lane, String why) {
    for (var entry : pending.entrySet()) {
      if (entry.getValue().lane() == lane) {
        unanswered(entry.getKey(), why);
      }
    }
  }
}
