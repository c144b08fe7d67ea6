package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.caravanmta.message.Gate;
import org.caravanmta.queue.reader.QueueRuntime;

/// The Camel component `artemis:NAME`: queues that need nothing but their name. See {@link
/// ArtemisEndpoint} for its options.
///
/// One for each Camel context. It ends what it sends through when the context stops, not the
/// broker.
public final class ArtemisComponent extends DefaultComponent {
  /// How long a stage that is stopped while the others go on may take.
  public static final Duration PATIENCE = ContextQueues.PATIENCE;

  private final QueueRuntime runtime;
  private final ContextQueues queues;

  public ArtemisComponent(QueueRuntime runtime) {
    this.runtime = runtime;
    this.queues = new ContextQueues(runtime);
  }

  /// The queues there are, lanes and all; `dead`, `hold` and those that a route names are known
  /// without. To be called before the context starts.
  public void setQueues(Collection<String> names) {
    runtime.topology().add(names);
  }

  /// The lanes there are, and how long what comes into each waits. To be called before the context
  /// starts.
  public void setLanes(Map<String, Duration> lanes) {
    runtime.lanes().add(lanes);
    setQueues(lanes.keySet());
  }

  /// Who says, for a queue, which of its messages may begin. To be called before the context
  /// starts.
  public void setGates(Map<String, Gate> gates) {
    gates.forEach((queue, gate) -> setQueues(runtime.gates().add(queue, gate)));
  }

  /// Asked before any message goes through its route. To be called before the context starts.
  public void setTurnstile(Turnstile turnstile) {
    queues.set(turnstile);
  }

  /// Has the stages that settle each message on its own begin no more, before the context stops:
  /// the time that what is in flight may still take counts from now.
  public void beginNoMore() {
    queues.beginNoMore();
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var endpoint = new ArtemisEndpoint(uri, this, queues, remaining);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    queues.start();
  }

  @Override
  protected void doStop() throws Exception {
    queues.stop();
    super.doStop();
  }
}
