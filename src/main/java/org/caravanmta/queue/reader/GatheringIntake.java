package org.caravanmta.queue.reader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.message.Malformed;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// Waits a while for more of what belongs together ({@link org.caravanmta.message.Codec#kin}), and
/// gives it out as one message, which settles all that it is made of. What waits here is not begun:
/// it goes back to the queue when the link closes or the process ends, and is gathered anew.
final class GatheringIntake implements QueueIntake {
  /// So many messages, or bytes of them, may wait; then the oldest are given out before their time.
  private static final int MOST = 2000;

  private static final long MOST_BYTES = 16 << 20;

  /// How many times the patience the first of a kin waits at most, however many come.
  private static final int LONGEST = 3;

  private final QueueIntake intake;
  private final Codecs codecs;
  private final long patience;
  private final LongSupplier clock;

  /// In the order of their first.
  private final Map<Object, Group> groups = new LinkedHashMap<>();

  /// Given out and not settled, in that order.
  private final List<Received> given = new ArrayList<>();

  private int waiting;
  private long bytes;

  /// Those of one kin, and when they are given out.
  private static final class Group {
    private final List<Received> received = new ArrayList<>();
    private final List<Object> bodies = new ArrayList<>();
    private final long latest;
    private long due;

    Group(long latest) {
      this.latest = latest;
    }

    void add(Received one, Object body, long until) {
      received.add(one);
      bodies.add(body);
      due = until - latest < 0 ? until : latest;
    }
  }

  /// @param patience how long it waits for the next of a kin, in nanoseconds; for all of it, three
  ///   times as long
  /// @param clock in nanoseconds, from any time on
  GatheringIntake(QueueIntake intake, Codecs codecs, long patience, LongSupplier clock) {
    this.intake = intake;
    this.codecs = codecs;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public @Nullable Received receive(long wait) throws ActiveMQException, InterruptedException {
    long end = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(wait);
    while (true) {
      long now = clock.getAsLong();
      long until = end;
      if (!groups.isEmpty()) {
        var next = next();
        if (next.getValue().due - now <= 0) {
          return given(joined(next.getKey()));
        }
        if (waiting >= MOST || bytes >= MOST_BYTES) {
          return given(joined(groups.keySet().iterator().next()));
        }
        until = next.getValue().due - end < 0 ? next.getValue().due : end;
      }
      // a millisecond more than to wake too early again and again
      Received next = intake.receive(TimeUnit.NANOSECONDS.toMillis(Math.max(0, until - now)) + 1);
      if (next != null && !waits(next)) {
        return given(next);
      }
      if (next == null && (intake.closed() || clock.getAsLong() - end >= 0)) {
        return null;
      }
    }
  }

  /// Puts it to its kin, if it has any and is above suspicion.
  private boolean waits(Received next) {
    if (next.deaths() > 0) {
      return false;
    }
    Object body;
    try {
      body = codecs.decode(next.bytes());
    } catch (Malformed e) {
      // the stage says what becomes of it
      return false;
    }
    Optional<Object> kin = codecs.groupKey(body);
    kin.ifPresent(known -> add(known, next, body));
    return kin.isPresent();
  }

  private void add(Object kin, Received next, Object body) {
    long now = clock.getAsLong();
    groups
        .computeIfAbsent(kin, _ -> new Group(now + LONGEST * patience))
        .add(next, body, now + patience);
    waiting++;
    bytes += next.bytes().length;
  }

  private Received joined(Object kin) {
    Group group = Objects.requireNonNull(groups.remove(kin));
    waiting -= group.received.size();
    bytes -= group.received.stream().mapToLong(each -> each.bytes().length).sum();
    Received first = group.received.getFirst();
    return group.received.size() == 1
        ? first
        : first.with(
            List.copyOf(group.received.subList(1, group.received.size())),
            codecs.encode(codecs.joined(group.bodies)));
  }

  /// The kin that is due next.
  private Map.Entry<Object, Group> next() {
    return Collections.min(
        groups.entrySet(), (one, other) -> Long.signum(one.getValue().due - other.getValue().due));
  }

  private Received given(Received one) {
    given.add(one);
    return one;
  }

  @Override
  public boolean ready() {
    return !groups.isEmpty() && next().getValue().due - clock.getAsLong() <= 0;
  }

  @Override
  public boolean closed() {
    return intake.closed();
  }

  @Override
  public void begun(Received one) throws ActiveMQException {
    for (Received each : one.all()) {
      intake.begun(each);
    }
  }

  @Override
  public void survived(Received one) throws ActiveMQException {
    for (Received each : one.all()) {
      intake.survived(each);
    }
  }

  @Override
  public void acknowledge(Received one) throws ActiveMQException {
    given.remove(one);
    for (Received each : one.all()) {
      intake.acknowledge(each);
    }
  }

  /// One by one, since what was received in between waits for its kin.
  @Override
  public void acknowledgeUpTo(Received last) throws ActiveMQException {
    Received next;
    do {
      next = given.getFirst();
      acknowledge(next);
    } while (next != last);
  }
}
