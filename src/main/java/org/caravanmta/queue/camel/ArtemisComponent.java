package org.caravanmta.queue.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.caravanmta.queue.Connections;
import org.caravanmta.queue.admin.QueueFigures;
import org.caravanmta.queue.reader.HeldReader;
import org.caravanmta.queue.reader.Lanes;
import org.caravanmta.queue.reader.Solitude;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Topology;

/// The Camel component `artemis:NAME`: queues that need nothing but their name. See {@link
/// ArtemisEndpoint} for its options.
///
/// One for each Camel context. It closes the connections it opened when the context stops, not the
/// broker.
public final class ArtemisComponent extends DefaultComponent implements Lanes {
  private static final int OUTLETS = 2;
  private static final Duration AGES = Duration.ofDays(36_500);

  /// How exactly time-outs are kept, in milliseconds.
  private static final int TICK = 100;

  private final Connections connections;
  private final Codecs codecs;
  private final ContentClaims claims;
  private final InstantSource clock;
  private final QueueFigures figures;
  private final Topology topology;
  private final Map<String, Duration> waits = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<HeldReader> held = ConcurrentHashMap.newKeySet();
  private final Solitude solitude = new Solitude();
  private final Set<ArtemisConsumer> holders = ConcurrentHashMap.newKeySet();
  private final Set<ArtemisConsumer> settling = ConcurrentHashMap.newKeySet();
  private volatile Instant flushed = Instant.EPOCH;
  private volatile List<Outlet> outlets = List.of();
  private volatile List<Requests> requests = List.of();
  private volatile List<ScheduledExecutorService> ticks = List.of();

  public ArtemisComponent(
      Connections connections,
      Codecs codecs,
      ContentClaims claims,
      InstantSource clock,
      MeterRegistry registry) {
    this.connections = connections;
    this.codecs = codecs;
    this.claims = claims;
    this.clock = clock;
    this.figures = new QueueFigures(connections, registry, clock);
    this.topology = new Topology(figures::add);
  }

  /// The queues there are, lanes and all; `dead`, `hold` and those that a route names are known
  /// without. To be called before the context starts.
  public void setQueues(Collection<String> names) {
    topology.add(names);
  }

  /// The lanes there are, and how long what comes into each waits. To be called before the context
  /// starts.
  public void setLanes(Map<String, Duration> lanes) {
    waits.putAll(lanes);
    setQueues(lanes.keySet());
  }

  /// How long what comes into a queue waits; of one that is not a lane, longer than anything.
  public Duration wait(String queue) {
    return waits.getOrDefault(queue, AGES);
  }

  /// The names of all known queues.
  public Collection<String> getQueues() {
    return topology.all();
  }

  @Override
  public void flush() {
    flushed = clock.instant();
    wakeHeld();
  }

  @Override
  public <T> T aside(Callable<T> work) throws Exception {
    var paused = List.copyOf(holders);
    try {
      for (ArtemisConsumer holder : paused) {
        holder.putDown();
      }
      return work.call();
    } finally {
      paused.stream().filter(holders::contains).forEach(ArtemisConsumer::takeUp);
    }
  }

  /// Has the stages that settle each message on its own begin no more, before the context stops:
  /// the time that what is in flight may still take counts from now.
  public void beginNoMore() {
    settling.forEach(ArtemisConsumer::beginNoMore);
  }

  Set<ArtemisConsumer> settling() {
    return settling;
  }

  /// Has the held lanes look at the clock.
  public void wakeHeld() {
    held.forEach(HeldReader::wake);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var endpoint = new ArtemisEndpoint(uri, this, remaining);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var opened = new ArrayList<Outlet>();
    for (int i = 0; i < OUTLETS; i++) {
      opened.add(connections.outlet("outlet-" + i, topology));
    }
    var asking = new Requests(connections, topology);
    var tick =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("queue-time").factory());
    tick.scheduleWithFixedDelay(
        () -> {
          figures.timeouts(asking.expire());
          opened.forEach(outlet -> outlet.expire(Outlet.PATIENCE));
        },
        TICK,
        TICK,
        TimeUnit.MILLISECONDS);
    outlets = opened;
    requests = List.of(asking);
    ticks = List.of(tick);
  }

  @Override
  protected void doStop() throws Exception {
    ticks.forEach(ScheduledExecutorService::shutdown);
    outlets.forEach(Outlet::close);
    requests.forEach(Requests::close);
    figures.close();
    super.doStop();
  }

  Outlet outlet() {
    var open = outlets;
    return open.get(Math.floorMod(turn.getAndIncrement(), open.size()));
  }

  Requests requests() {
    return requests.getFirst();
  }

  public Connections connections() {
    return connections;
  }

  public Codecs codecs() {
    return codecs;
  }

  public ContentClaims claims() {
    return claims;
  }

  public InstantSource clock() {
    return clock;
  }

  public QueueFigures figures() {
    return figures;
  }

  public Topology topology() {
    return topology;
  }

  public Solitude solitude() {
    return solitude;
  }

  Set<ArtemisConsumer> holders() {
    return holders;
  }

  Set<HeldReader> held() {
    return held;
  }

  public Instant flushed() {
    return flushed;
  }
}
