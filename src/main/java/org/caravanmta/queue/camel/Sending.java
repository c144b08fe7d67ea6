package org.caravanmta.queue.camel;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.caravanmta.queue.reader.QueueRuntime;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Outlet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the steps of all routes send through, from the start of the component to its end: outlets
/// for tasks, and the questions that wait for answers. What has waited too long ends here.
final class Sending implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sending.class);
  private static final int OUTLETS = 2;

  /// The resolution of time-outs, in milliseconds.
  private static final int TICK = 100;

  private final List<Outlet> outlets;
  private final Requests requests;
  private final ScheduledExecutorService ticks;
  private final AtomicInteger turn = new AtomicInteger();

  Sending(QueueRuntime runtime) {
    Broker broker = runtime.broker();
    this.outlets =
        IntStream.range(0, OUTLETS)
            .mapToObj(number -> broker.outlet("outlet-" + number, runtime.topology()))
            .toList();
    this.requests = new Requests(runtime);
    this.ticks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("queue-time").factory());
    var unused =
        ticks.scheduleWithFixedDelay(() -> tick(runtime), TICK, TICK, TimeUnit.MILLISECONDS);
  }

  /// An executor forgets a task that has thrown: whatever it is, time goes on.
  private void tick(QueueRuntime runtime) {
    try {
      runtime.figures().timeouts(requests.expire());
      outlets.forEach(outlet -> outlet.expire(Outlet.PATIENCE));
    } catch (RuntimeException | Error e) {
      LOG.error("what waits for a broker is not looked at now", e);
    }
  }

  Outlet outlet() {
    return outlets.get(Math.floorMod(turn.getAndIncrement(), outlets.size()));
  }

  Requests requests() {
    return requests;
  }

  @Override
  public void close() {
    ticks.shutdown();
    outlets.forEach(Outlet::close);
    requests.close();
  }
}
