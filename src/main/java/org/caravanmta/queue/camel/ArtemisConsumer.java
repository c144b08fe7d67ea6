package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.caravanmta.queue.reader.BatchReader;
import org.caravanmta.queue.reader.GatheringReader;
import org.caravanmta.queue.reader.HeldLanes;
import org.caravanmta.queue.reader.HeldReader;
import org.caravanmta.queue.reader.IndividualReader;
import org.caravanmta.queue.reader.QuestionReader;
import org.caravanmta.queue.reader.QueueReader;
import org.caravanmta.queue.reader.QueueRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The start of a stage, `from: artemis:NAME`: the readers of its queue, or of each queue of its
/// family.
final class ArtemisConsumer extends DefaultConsumer implements ShutdownAware, HeldLanes.Holder {
  private static final Logger LOG = LoggerFactory.getLogger(ArtemisConsumer.class);

  /// How long the readers may take to finish what they have begun.
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final ArtemisEndpoint endpoint;
  private final ArtemisComponent queues;
  private final QueueRuntime runtime;
  private final RouteStage stage;
  private volatile boolean wantsHeaders;
  private volatile List<QueueReader> readers = List.of();

  ArtemisConsumer(ArtemisEndpoint endpoint, ArtemisComponent queues, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.queues = queues;
    this.runtime = queues.runtime();
    this.stage = new RouteStage(this, runtime);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    wantsHeaders = getRoute() != null && EnvelopeHeaders.wanted(getRoute().getRoute());
    takeUp();
    if (endpoint.isHeld()) {
      runtime.lanes().add(this);
    }
    if (endpoint.getSettle() == ArtemisEndpoint.Settle.INDIVIDUAL && !endpoint.isQuestion()) {
      queues.settling().add(this);
    }
  }

  @Override
  protected void doStop() throws Exception {
    runtime.lanes().remove(this);
    queues.settling().remove(this);
    putDown();
    super.doStop();
  }

  /// Whether steps of the route are not made for mail, and want it as headers and body.
  boolean wantsHeaders() {
    return wantsHeaders;
  }

  String queue() {
    return endpoint.getName();
  }

  /// Whether what comes here has waited for its time.
  boolean isHeld() {
    return endpoint.isHeld();
  }

  @Override
  public synchronized void takeUp() {
    List<String> names = runtime.topology().named(endpoint.getName());
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there is no queue of the family " + endpoint.getName());
    }
    var started = new ArrayList<QueueReader>();
    for (String queue : names) {
      for (int number = 1; number <= endpoint.getConsumers(); number++) {
        started.add(reader(queue, number));
      }
    }
    readers = started;
    started.forEach(QueueReader::start);
  }

  /// See {@link ArtemisComponent#beginNoMore}.
  void beginNoMore() {
    readers.forEach(QueueReader::stop);
  }

  /// What they had begun is finished first.
  @Override
  public synchronized void putDown() throws InterruptedException {
    var started = readers;
    started.forEach(QueueReader::stop);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (QueueReader reader : started) {
      if (!reader.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        LOG.warn("{}: stopped with messages in flight, which will be taken again", endpoint);
      }
    }
    started.forEach(runtime.lanes()::remove);
    readers = List.of();
  }

  @Override
  public boolean deferShutdown(ShutdownRunningTask task) {
    return false;
  }

  @Override
  public int getPendingExchangesSize() {
    return stage.inFlight();
  }

  @Override
  public void prepareShutdown(boolean suspendOnly, boolean forced) {
    // stopping does it all
  }

  private QueueReader reader(String queue, int number) {
    if (endpoint.isHeld()) {
      var held = new HeldReader(queue, stage, runtime, endpoint.getBatch());
      runtime.lanes().add(held);
      return held;
    }
    if (endpoint.getGather().isPositive()) {
      return new GatheringReader(
          queue, number, stage, runtime, endpoint.getBatch(), endpoint.getGather());
    }
    return switch (endpoint.getSettle()) {
      case BATCH ->
          endpoint.isQuestion()
              ? new QuestionReader(queue, number, stage, runtime, 0)
              : new BatchReader(queue, number, stage, runtime, endpoint.getBatch());
      case INDIVIDUAL ->
          endpoint.isQuestion()
              ? new QuestionReader(queue, number, stage, runtime, endpoint.getWindow())
              : new IndividualReader(queue, number, stage, runtime, endpoint.getWindow());
    };
  }
}
