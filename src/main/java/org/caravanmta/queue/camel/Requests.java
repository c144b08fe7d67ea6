package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.queue.reader.Answerers;
import org.caravanmta.queue.reader.QueueRuntime;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.QuestionChannel;
import org.jspecify.annotations.Nullable;

/// The questions this process has put to stages and not yet been answered. Neither question nor
/// answer is kept on disk: whoever asks still has what it asks about.
///
/// With a broker elsewhere a question goes to the stage of this process, where there is one with a
/// place for it. What goes to another node is asked again when there is no sign for a second that
/// it is being answered: the node that took it may be dead. A question that is asked twice may be
/// answered twice; the first answer counts.
final class Requests implements AnswerListener, AutoCloseable {
  /// Without a sign for so long, a question is asked again.
  private static final long SILENCE_NANOS = 1_000_000_000L;

  /// How often a question is asked in all.
  private static final int MOST = 5;

  /// How many are asked again at a time: where a stage has too much to do, there must not be much
  /// more of it.
  private static final int AT_ONCE = 10;

  /// Told once, on a thread that must not be kept.
  interface Asker {
    void answered(byte[] reply);

    void unanswered(String why);
  }

  /// A question on its way.
  private static final class Pending {
    final Frame frame;
    final Asker asker;
    final Duration patience;

    /// When nobody waits any more, by the machine's clock, with which the broker compares it.
    final long end;

    final long since = System.nanoTime();

    /// By which way it was asked; empty where it was a stage of this process.
    volatile Optional<QuestionChannel> channel = Optional.empty();

    volatile long lastSign = since;
    final AtomicInteger asked = new AtomicInteger();

    Pending(Frame frame, Asker asker, Duration patience) {
      this.frame = frame;
      this.asker = asker;
      this.patience = patience;
      this.end = System.currentTimeMillis() + patience.toMillis();
    }

    boolean overdue(long now) {
      return now - since > patience.toNanos();
    }

    boolean silent(long now) {
      return channel.isPresent() && asked.get() < MOST && now - lastSign > SILENCE_NANOS;
    }
  }

  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final List<? extends QuestionChannel> channels;
  private final Answerers own;
  private final boolean elsewhere;

  Requests(QueueRuntime runtime) {
    Broker broker = runtime.broker();
    this.own = runtime.answerers();
    this.elsewhere = broker.elsewhere();
    this.channels = broker.channels(runtime.topology(), this);
  }

  void ask(Frame frame, Duration patience, Asker asker) {
    long question = count.incrementAndGet();
    var asked = new Pending(frame, asker, patience);
    pending.put(question, asked);
    if (!elsewhere
        || !own.ask(
            frame.queue(), frame.bytes(), (answer, failed) -> answered(question, answer, failed))) {
      ask(question, asked, channels.get((int) (question % channels.size())));
    }
  }

  private void ask(long question, Pending asked, QuestionChannel channel) {
    asked.channel = Optional.of(channel);
    asked.lastSign = System.nanoTime();
    asked.asked.incrementAndGet();
    channel.ask(asked.frame, question, asked.end, why -> unanswered(question, why));
  }

  /// Forgets the questions whose time is up; an answer that comes later is dropped. Asks again what
  /// nobody seems to answer.
  ///
  /// @return how many were forgotten
  int expire() {
    channels.forEach(QuestionChannel::expire);
    long now = System.nanoTime();
    int expired = 0;
    int again = 0;
    for (var entry : pending.entrySet()) {
      Pending asked = entry.getValue();
      if (asked.overdue(now)) {
        expired +=
            unanswered(entry.getKey(), "no answer within " + asked.patience.toMillis() + " ms");
      } else if (elsewhere && again < AT_ONCE && asked.silent(now)) {
        again++;
        asked.channel.ifPresent(channel -> ask(entry.getKey(), asked, channel));
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
      asked.asker.answered(body);
    } else {
      asked.asker.unanswered("failed: " + failed);
    }
  }

  @Override
  public void underWay(long question) {
    Pending asked = pending.get(question);
    if (asked != null) {
      asked.lastSign = System.nanoTime();
    }
  }

  private int unanswered(Long question, String why) {
    Pending asked = pending.remove(question);
    if (asked == null) {
      return 0;
    }
    asked.asker.unanswered(why);
    return 1;
  }

  @Override
  public void lost(QuestionChannel channel, String why) {
    for (var entry : pending.entrySet()) {
      if (entry.getValue().channel.filter(channel::equals).isPresent()) {
        unanswered(entry.getKey(), why);
      }
    }
  }
}
