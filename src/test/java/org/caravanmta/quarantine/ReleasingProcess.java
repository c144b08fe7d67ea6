package org.caravanmta.quarantine;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.Order;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.spi.Lanes;

/// Releases all that is in the quarantine of a broker elsewhere: `ReleasingProcess PORT`.
final class ReleasingProcess {
  static final String READY = "releasing";

  private ReleasingProcess() {}

  public static void main(String[] arguments) throws Exception {
    QueueAdmin admin = admin("tcp://127.0.0.1:" + arguments[0]);
    System.out.println(READY);
    release(admin);
  }

  static QueueAdmin admin(String url) {
    return new QueueAdmin(
        new RemoteBroker(url, "", ""), Depot.CODECS, () -> Ward.QUEUES, new NoLanes(), _ -> {});
  }

  private static final class NoLanes implements Lanes {
    @Override
    public void flush() {}

    @Override
    public Optional<String> first() {
      return Optional.empty();
    }

    @Override
    public <T> T aside(Callable<T> work) throws Exception {
      return work.call();
    }
  }

  /// @return how many it has
  static int release(QueueAdmin admin) throws Exception {
    var told = new AtomicInteger();
    admin.change(
        new Order(Deed.RELEASE, "", Selector.all(), false, Instant.now(), true),
        _ -> told.incrementAndGet());
    return told.get();
  }
}
