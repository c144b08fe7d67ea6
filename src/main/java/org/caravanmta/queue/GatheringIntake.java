package org.caravanmta.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.message.Wire;
import org.jspecify.annotations.Nullable;

/// Waits a while for more of what belongs together ({@link org.caravanmta.message.Codec#kin}), and
/// gives it out as one message, which settles all that it is made of. What waits here is not begun:
/// it goes back to the queue when the link closes or the process ends, and is gathered anew.
final class GatheringIntake implements Intake {
  /// So many messages, or bytes of them, may wait; then the oldest are given out before their time.
  private static final int MOST = 2000;

  private static final long MOST_BYTES = 16 << 20;

  private final Intake intake;
  private final Codecs codecs;
  private final long patience;

  /// In the order of their first.
  private final Map<Object, Group> groups = new LinkedHashMap<>();

  /// Given out and not settled, in that order.
  private final List<Received> given = new ArrayList<>();

  private int waiting;
  private long bytes;

  /// Those of one kin, and when they are given out.
  private record Group(List<Received> received, List<Object> bodies, long due) {}

  /// @param patience how long it waits from the first of a kin on, in nanoseconds
  GatheringIntake(Intake intake, Codecs codecs, long patience) {
    this.intake = intake;
    this.codecs = codecs;
    this.patience = patience;
  }

  @Override
  public @Nullable Received receive(long wait) throws ActiveMQException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
    while (true) {
      long now = System.nanoTime();
      long until = end;
      if (!groups.isEmpty()) {
        long due = oldest().due();
        if (due - now <= 0 || waiting >= MOST || bytes >= MOST_BYTES) {
          return given(joined());
        }
        until = due - end < 0 ? due : end;
      }
      // a millisecond more than to wake too early again and again
      Received next = intake.receive(TimeUnit.NANOSECONDS.toMillis(Math.max(0, until - now)) + 1);
      if (next != null && !waits(next)) {
        return given(next);
      }
      if (next == null && (intake.closed() || System.nanoTime() - end >= 0)) {
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
    } catch (Wire.Malformed e) {
      // the stage says what becomes of it
      return false;
    }
    return codecs.kin(body).map(kin -> add(kin, next, body)).orElse(false);
  }

  private boolean add(Object kin, Received next, Object body) {
    var group =
        groups.computeIfAbsent(
            kin,
            _ -> new Group(new ArrayList<>(), new ArrayList<>(), System.nanoTime() + patience));
    group.received().add(next);
    group.bodies().add(body);
    waiting++;
    bytes += next.bytes().length;
    return true;
  }

  private Received joined() {
    Iterator<Group> all = groups.values().iterator();
    Group group = all.next();
    all.remove();
    waiting -= group.received().size();
    bytes -= group.received().stream().mapToLong(each -> each.bytes().length).sum();
    Received first = group.received().getFirst();
    return group.received().size() == 1
        ? first
        : first.with(
            List.copyOf(group.received().subList(1, group.received().size())),
            codecs.encode(codecs.joined(group.bodies())));
  }

  private Group oldest() {
    return groups.values().iterator().next();
  }

  private Received given(Received one) {
    given.add(one);
    return one;
  }

  @Override
  public boolean ready() {
    return !groups.isEmpty() && oldest().due() - System.nanoTime() <= 0;
  }

  @Override
  public boolean closed() {
    return intake.closed();
  }

  @Override
  public void begun(Received one) throws ActiveMQException {
    intake.begun(one);
    for (Received each : one.along()) {
      intake.begun(each);
    }
  }

  @Override
  public void survived(Received one) throws ActiveMQException {
    intake.survived(one);
    for (Received each : one.along()) {
      intake.survived(each);
    }
  }

  @Override
  public void acknowledge(Received one) throws ActiveMQException {
    given.remove(one);
    intake.acknowledge(one);
    for (Received each : one.along()) {
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
