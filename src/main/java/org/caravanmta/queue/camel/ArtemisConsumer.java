package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Endpoint;
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
final class ArtemisConsumer extends DefaultConsumer
    implements ShutdownAware, HeldLanes.Holder, ContextQueues.Forewarned {
  private static final Logger LOG = LoggerFactory.getLogger(ArtemisConsumer.class);

  /// How long what is in flight may take when the process ends: whoever ends it kills it after ten
  /// seconds (`docker stop`), whether a server answers or not.
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(4);

  /// How long the readers may take to settle it then.
  private static final Duration SETTLING = Duration.ofSeconds(2);

  /// How long until it is noticed that meanwhile the process ends.
  private static final Duration LOOK = Duration.ofMillis(200);

  private final StageOptions options;
  private final ContextQueues queues;
  private final QueueRuntime runtime;
  private final RouteStage stage;
  private volatile List<QueueReader> readers = List.of();

  ArtemisConsumer(
      Endpoint endpoint, StageOptions options, ContextQueues queues, Processor processor) {
    super(endpoint, processor);
    this.options = options;
    this.queues = queues;
    this.runtime = queues.runtime();
    this.stage = new RouteStage(this, options, queues);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    stage.showEnvelope(getRoute() != null && EnvelopeHeaders.wanted(getRoute().getRoute()));
    takeUp();
    if (options.held()) {
      runtime.lanes().add(this);
    }
    if (options.settle() == Settle.INDIVIDUAL && !options.question()) {
      queues.add(this);
    }
  }

  @Override
  protected void doStop() throws Exception {
    runtime.lanes().remove(this);
    queues.remove(this);
    putDown();
    super.doStop();
  }

  @Override
  public synchronized void takeUp() {
    List<String> names = runtime.topology().named(options.name());
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there is no queue of the family " + options.name());
    }
    var started = new ArrayList<QueueReader>();
    for (String queue : names) {
      for (int number = 1; number <= options.consumers(); number++) {
        started.add(reader(queue, number));
      }
    }
    readers = started;
    started.forEach(QueueReader::start);
  }

  @Override
  public void beginNoMore() {
    readers.forEach(reader -> reader.stop(LAST_PATIENCE));
  }

  /// What they had begun is finished first.
  @Override
  public synchronized void putDown() throws InterruptedException {
    var started = readers;
    started.forEach(reader -> reader.stop(patience()));
    long begun = System.nanoTime();
    for (QueueReader reader : started) {
      if (!ends(reader, begun)) {
        LOG.warn("{}: stopped with messages in flight, which will be taken again", getEndpoint());
      }
    }
    for (QueueReader reader : started) {
      if (reader instanceof HeldReader held) {
        runtime.lanes().remove(held);
      }
    }
    readers = List.of();
  }

  /// Waits for a reader to end.
  ///
  /// @param begun when it was told to, as {@link System#nanoTime}
  /// @return whether it has
  private boolean ends(QueueReader reader, long begun) throws InterruptedException {
    boolean ended = reader.join(LOOK);
    while (!ended && System.nanoTime() - begun < patience().plus(SETTLING).toNanos()) {
      reader.allow(patience());
      ended = reader.join(LOOK);
    }
    return ended;
  }

  private Duration patience() {
    return getEndpoint().getCamelContext().isStopping() ? LAST_PATIENCE : ContextQueues.PATIENCE;
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
    if (options.held()) {
      var held = new HeldReader(queue, stage, runtime, options.batch());
      runtime.lanes().add(held);
      return held;
    }
    if (options.gather().isPositive()) {
      return new GatheringReader(queue, number, stage, runtime, options.batch(), options.gather());
    }
    return switch (options.settle()) {
      case BATCH ->
          options.question()
              ? new QuestionReader(queue, number, stage, runtime, 0)
              : new BatchReader(queue, number, stage, runtime, options.batch());
      case INDIVIDUAL ->
          options.question()
              ? new QuestionReader(queue, number, stage, runtime, options.window())
              : new IndividualReader(queue, number, stage, runtime, options.window());
    };
  }
}
