package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// The questions this process has put to stages and not yet been answered. Neither question nor
/// answer is kept on disk: whoever asks still has what it asks about.
final class Requests implements AnswerListener, AutoCloseable {
  /// Told once, on a thread that must not be kept.
  interface Asker {
    void answered(byte[] reply);

    void unanswered(String why);
  }

  private record Pending(Asker asker, long since, Duration patience, QuestionChannel channel) {
    boolean overdue(long now) {
      return now - since > patience.toNanos();
    }
  }

  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final List<? extends QuestionChannel> channels;

  Requests(Broker broker, Topology topology) {
    this.channels = broker.channels(topology, this);
  }

  void ask(Frame frame, Duration patience, Asker asker) {
    long question = count.incrementAndGet();
    // the broker compares this with the machine's clock
    long end = System.currentTimeMillis() + patience.toMillis();
    QuestionChannel channel = channels.get((int) (question % channels.size()));
    pending.put(question, new Pending(asker, System.nanoTime(), patience, channel));
    channel.ask(frame, question, end, why -> unanswered(question, why));
  }

  /// Forgets the questions whose time is up; an answer that comes later is dropped.
  ///
  /// @return how many
  int expire() {
    channels.forEach(QuestionChannel::expire);
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
    channels.forEach(QuestionChannel::close);
    for (Long question : pending.keySet()) {
      unanswered(question, "this Caravan is stopping");
    }
  }

  @Override
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

  @Override
  public void lost(QuestionChannel channel, String why) {
    for (var entry : pending.entrySet()) {
      if (entry.getValue().channel() == channel) {
        unanswered(entry.getKey(), why);
      }
    }
  }
}
