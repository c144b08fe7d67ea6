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
import org.caravanmta.queue.reader.HeldReader;
import org.caravanmta.queue.reader.IndividualReader;
import org.caravanmta.queue.reader.QuestionReader;
import org.caravanmta.queue.reader.QueueReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The start of a stage, `from: artemis:NAME`: the readers of its queue, or of each queue of its
/// family.
final class ArtemisConsumer extends DefaultConsumer implements ShutdownAware {
  private static final Logger LOG = LoggerFactory.getLogger(ArtemisConsumer.class);

  /// How long the readers may take to finish what they have begun.
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final ArtemisEndpoint endpoint;
  private final ArtemisComponent queues;
  private final Stage stage;
  private volatile boolean wantsHeaders;
  private volatile List<QueueReader> readers = List.of();

  ArtemisConsumer(ArtemisEndpoint endpoint, ArtemisComponent queues, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.queues = queues;
    this.stage = new Stage(this, queues);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    wantsHeaders = getRoute() != null && EnvelopeHeaders.wanted(getRoute().getRoute());
    takeUp();
    if (endpoint.isHeld()) {
      queues.holders().add(this);
    }
    if (endpoint.getSettle() == ArtemisEndpoint.Settle.INDIVIDUAL && !endpoint.isQuestion()) {
      queues.settling().add(this);
    }
  }

  @Override
  protected void doStop() throws Exception {
    queues.holders().remove(this);
    queues.settling().remove(this);
    putDown();
    super.doStop();
  }

  /// Whether steps of the route know no mail.
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

  /// Starts the readers.
  synchronized void takeUp() {
    List<String> names = queues.topology().named(endpoint.getName());
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

  /// Stops them: what they had begun is finished, the rest is back in its queue when this returns.
  synchronized void putDown() throws InterruptedException {
    var started = readers;
    started.forEach(QueueReader::stop);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (QueueReader reader : started) {
      if (!reader.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        LOG.warn("{}: stopped with messages in flight, which will be taken again", endpoint);
      }
    }
    started.forEach(queues.held()::remove);
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
      var held = new HeldReader(queue, stage, queues, endpoint.getBatch());
      queues.held().add(held);
      return held;
    }
    if (endpoint.getGather().isPositive()) {
      return new GatheringReader(
          queue, number, stage, queues, endpoint.getBatch(), endpoint.getGather());
    }
    return switch (endpoint.getSettle()) {
      case BATCH ->
          endpoint.isQuestion()
              ? new QuestionReader(queue, number, stage, queues, 0)
              : new BatchReader(queue, number, stage, queues, endpoint.getBatch());
      case INDIVIDUAL ->
          endpoint.isQuestion()
              ? new QuestionReader(queue, number, stage, queues, endpoint.getWindow())
              : new IndividualReader(queue, number, stage, queues, endpoint.getWindow());
    };
  }
}
