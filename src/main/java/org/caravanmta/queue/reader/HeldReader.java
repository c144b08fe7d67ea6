package org.caravanmta.queue.reader;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each message of a lane when it is due. All in one lane wait equally long, so the head is
/// the next due, and only the head is waited for; the rest stays in the broker, and in its page
/// files.
public final class HeldReader extends BatchReader implements HeldLanes.Sleeper {
  private static final Logger LOG = LoggerFactory.getLogger(HeldReader.class);

  /// Enough for one batch of common messages.
  private static final int PREFETCH = 64 << 10;

  /// The clock may be set, so it is looked at again after this, in milliseconds.
  private static final long GLANCE = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition glance = lock.newCondition();
  private final long longest;
  private long wakes;

  public HeldReader(String queue, QueueStage stage, QueueRuntime queues, int batch) {
    super(queue, 1, stage, queues, batch, PREFETCH);
    this.longest = queues.lanes().wait(queue).multipliedBy(2).toMillis();
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      wakes++;
      glance.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected boolean awaitTurn(Received first) throws ActiveMQException {
    return isDue(first)
        && Boolean.TRUE.equals(
            await(
                () -> {
                  queues.lanes().pace().begin();
                  return true;
                }));
  }

  @Override
  protected void ended() {
    queues.lanes().pace().end();
  }

  /// Waits a while for it to be due.
  private boolean isDue(Received first) throws ActiveMQException {
    lock.lock();
    try {
      long seen = wakes;
      if (hasTurn(first)) {
        return true;
      }
      long wait = Math.min(GLANCE, first.due() - queues.clock().millis());
      await(
          () -> {
            long left = TimeUnit.MILLISECONDS.toNanos(wait);
            while (wakes == seen && left > 0) {
              left = glance.awaitNanos(left);
            }
            return null;
          });
      return hasTurn(first);
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected boolean hasTurn(Received next) {
    return next.due() <= queues.clock().millis()
        || next.queued() <= queues.lanes().flushed().toEpochMilli()
        || next.wasMoved()
        || isUnbelievable(next);
  }

  /// All in this lane wait equally long: what is due much later than that was damaged on the disk,
  /// or the clock has been set back. It would hold up everything after it.
  private boolean isUnbelievable(Received next) {
    boolean beyond = next.due() - longest > queues.clock().millis();
    if (beyond) {
      LOG.warn(
          "{}: due on {} by what {} says, taken now",
          next.id(),
          Instant.ofEpochMilli(next.due()),
          next.queue());
    }
    return beyond;
  }

  /// A lane's messages are taken and put back whenever this stage stops: that says nothing of them.
  @Override
  protected boolean suspect(Received received) {
    return false;
  }

  @Override
  protected void begun(QueueIntake intake, Received received) {}

  @Override
  protected QueueStage.Outcome pass(Received received) {
    return stage.pass(received);
  }
}
