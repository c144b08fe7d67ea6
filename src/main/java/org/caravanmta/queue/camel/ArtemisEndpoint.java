package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.List;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.caravanmta.message.Queues;
import org.jspecify.annotations.Nullable;

/// A queue, or with a name that ends in `.*` a family of queues, as a route names it:
///
/// | option | default | what |
/// |---|---|---|
/// | `durable` | true | whether what is sent survives the broker |
/// | `exchangePattern` | `InOnly` | `InOut`: a question, and the route goes on with the answer |
/// | `requestTimeout` | 10s | how long a question waits |
/// | `unanswered` | none | `#bean` of an {@link Unanswered}; without it the exchange fails |
/// | `consumers` | 1 | threads that take messages, each on its own connection |
/// | `batch` | 64 | the most messages of one transaction |
/// | `settle` | `batch` | `individual`: many at a time, each settled when it is done |
/// | `window` | 100 | the most messages in flight at a time, where settled individually |
/// | `gather` | 0s | how long a message waits for the next that belongs with it, three times as long in all at most, to be taken as one |
/// | `held` | false | each message is taken when it is due, in the queue's order |
public final class ArtemisEndpoint extends DefaultEndpoint {
  private final ContextQueues queues;
  private final String name;
  private boolean durable = true;
  private boolean held;
  private int consumers = 1;
  private int batch = 64;
  private int window = 100;
  private Duration gather = Duration.ZERO;
  private Settle settle = Settle.BATCH;
  private Duration requestTimeout = Duration.ofSeconds(10);
  private @Nullable Unanswered unanswered;

  ArtemisEndpoint(String uri, Component component, ContextQueues queues, String name) {
    super(uri, component);
    this.queues = queues;
    this.name = name;
  }

  @Override
  public Producer createProducer() {
    if (isQuestion()) {
      if (Queues.isFamily(name)) {
        throw new IllegalArgumentException("a question goes to one queue, not to " + name);
      }
      return new QuestionProducer(this, name, requestTimeout, unanswered, queues);
    }
    return new TaskProducer(this, name, durable, queues);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (isQuestion() && held) {
      throw new IllegalArgumentException(name + ": a question cannot be held");
    }
    if (gather.isPositive() && (isQuestion() || held || settle != Settle.BATCH || consumers > 1)) {
      throw new IllegalArgumentException(
          name + ": what is gathered is taken by one reader that settles by the batch");
    }
    var consumer =
        new ArtemisConsumer(
            this,
            new StageOptions(name, isQuestion(), held, consumers, batch, window, gather, settle),
            queues,
            processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (!Queues.isFamily(name)) {
      queues.runtime().topology().add(List.of(name));
    }
  }

  @Override
  public boolean isLenientProperties() {
    return false;
  }

  /// The queue's name, or the family's: `deferred.*`.
  public String getName() {
    return name;
  }

  boolean isQuestion() {
    return getExchangePattern() == ExchangePattern.InOut;
  }

  public boolean isDurable() {
    return durable;
  }

  public void setDurable(boolean durable) {
    this.durable = durable;
  }

  public boolean isHeld() {
    return held;
  }

  public void setHeld(boolean held) {
    this.held = held;
  }

  public int getConsumers() {
    return consumers;
  }

  public void setConsumers(int consumers) {
    this.consumers = atLeastOne("consumers", consumers);
  }

  public int getBatch() {
    return batch;
  }

  public void setBatch(int batch) {
    this.batch = atLeastOne("batch", batch);
  }

  public int getWindow() {
    return window;
  }

  public void setWindow(int window) {
    this.window = atLeastOne("window", window);
  }

  public Duration getGather() {
    return gather;
  }

  public void setGather(Duration gather) {
    if (gather.isNegative()) {
      throw new IllegalArgumentException("gather must not be negative, was " + gather);
    }
    this.gather = gather;
  }

  public Settle getSettle() {
    return settle;
  }

  public void setSettle(Settle settle) {
    this.settle = settle;
  }

  public Duration getRequestTimeout() {
    return requestTimeout;
  }

  public void setRequestTimeout(Duration requestTimeout) {
    if (!requestTimeout.isPositive()) {
      throw new IllegalArgumentException("requestTimeout must be positive, was " + requestTimeout);
    }
    this.requestTimeout = requestTimeout;
  }

  public @Nullable Unanswered getUnanswered() {
    return unanswered;
  }

  public void setUnanswered(Unanswered unanswered) {
    this.unanswered = unanswered;
  }

  private static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was " + value);
    }
    return value;
  }
}
