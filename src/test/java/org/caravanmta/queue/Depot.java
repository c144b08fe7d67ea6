package org.caravanmta.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.NoticeCodec;
import org.caravanmta.policy.CaseCodec;
import org.caravanmta.queue.camel.ArtemisComponent;
import org.caravanmta.queue.embedded.BrokerSettings;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.reader.QueueRuntime;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Received;

/// A Camel context with the `artemis` component, on an embedded broker or another, and eyes for
/// what is on the queues.
public final class Depot implements AutoCloseable {
  public static final Codecs CODECS =
      new Codecs(List.of(new MailCodec(), new NoticeCodec(), new CaseCodec()));
  public static final BrokerSettings SETTINGS = new BrokerSettings(0, 64 << 20, Optional.empty());

  public final DefaultCamelContext context = new DefaultCamelContext();
  public final List<String> released = Collections.synchronizedList(new ArrayList<>());
  public final MeterRegistry registry = new SimpleMeterRegistry();
  public final ArtemisComponent component;
  public final QueueRuntime runtime;
  private final Broker broker;

  private Depot(Broker broker, InstantSource clock) {
    this.broker = broker;
    this.runtime = QueueRuntime.of(Optional.of(broker), CODECS, released::add, clock, registry);
    this.component = new ArtemisComponent(runtime);
    context.addComponent("artemis", component);
    context.getShutdownStrategy().setTimeout(30);
    component.setQueues(
        List.of(
            "routing", "report", "delivery.smtp", "delivery.local", "deferred.1m", "deferred.1h"));
  }

  public static Depot at(Path directory) throws Exception {
    return at(directory, SETTINGS, InstantSource.system());
  }

  public static Depot at(Path directory, InstantSource clock) throws Exception {
    return at(directory, SETTINGS, clock);
  }

  public static Depot at(Path directory, BrokerSettings settings, InstantSource clock)
      throws Exception {
    var broker = EmbeddedBroker.start(directory, settings);
    return new Depot(broker, clock);
  }

  public static Depot on(Broker broker) {
    return new Depot(broker, InstantSource.system());
  }

  public Depot route(Routes routes) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() throws Exception {
            routes.configure(this);
          }
        });
    return this;
  }

  public Depot start() {
    context.start();
    return this;
  }

  /// Sends as reception does: from a thread that does not wait.
  public CompletableFuture<Exchange> send(String uri, Object body) {
    var exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    return context.createProducerTemplate().asyncSend(uri, exchange);
  }

  public Object ask(String uri, Object question) throws Exception {
    var exchange = send(uri, question).get();
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
    return exchange.getMessage().getBody();
  }

  public void keep(String queue, Object body) throws Exception {
    var exchange = send("artemis:" + queue, body).get();
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  /// The bodies waiting on a queue, in order.
  public List<Object> waiting(String queue) throws Exception {
    return browse(queue).stream().map(m -> CODECS.decode(m.bytes())).toList();
  }

  public List<String> waitingIds(String queue) throws Exception {
    return browse(queue).stream().map(m -> m.message().getStringProperty(Frame.ID)).toList();
  }

  public List<Received> browse(String queue) throws Exception {
    try (var connection = broker.connections().open();
        var session = broker.connections().direct(connection)) {
      session.start();
      var messages = new ArrayList<Received>();
      try (var browser = session.createConsumer(queue, null, 1 << 20, -1, true)) {
        ClientMessage next;
        while ((next = browser.receiveImmediate()) != null) {
          messages.add(Received.of(queue, next, next));
        }
      }
      return messages;
    }
  }

  /// Puts bytes on a queue that no codec of ours has written.
  public void put(String queue, byte[] bytes, Map<String, Object> properties) throws Exception {
    try (var connection = broker.connections().open();
        var session = broker.connections().transacted(connection);
        var producer = session.createProducer()) {
      producer.send(queue, new Frame(queue, bytes, properties, true).message(session));
      session.commit();
    }
  }

  public long depth(String queue) {
    try (var connection = broker.connections().open();
        var session = broker.connections().direct(connection)) {
      return session.queueQuery(SimpleString.of(queue)).getMessageCount();
    } catch (ActiveMQException e) {
      throw new IllegalStateException(e);
    }
  }

  /// As long as a slow machine may need for messages that are processed alone, one after the other.
  public void awaitDepth(String queue, long depth) {
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(depth(queue)).as(queue).isEqualTo(depth));
  }

  public Broker broker() {
    return broker;
  }

  @Override
  public void close() {
    context.stop();
    broker.close();
  }

  public interface Routes {
    void configure(RouteBuilder to) throws Exception;
  }

  /// A clock that the test sets.
  public static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    public void pass(Duration time) {
      now = now.plus(time);
    }
  }
}
