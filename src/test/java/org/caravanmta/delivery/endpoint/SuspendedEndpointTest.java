package org.caravanmta.delivery.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An endpoint that is not there is left alone, and then tried by one message for all.
class SuspendedEndpointTest {
  private static final Duration SUSPENSION = Duration.ofMinutes(5);
  private static final String SUSPENDED = "4.4.1 delivery temporarily suspended: ";

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<HttpServer> servers = new ArrayList<>();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Destinations turns =
      new Destinations(
          new Limits(20, SUSPENSION, Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
          new Load(200, 300, Duration.ofMinutes(1)),
          UnaryOperator.identity(),
          () -> now);
  private CamelDelivery delivery = delivery(Duration.ofMinutes(1));

  @BeforeEach
  void start() {
    camel.start();
  }

  @AfterEach
  void stop() {
    answers.countDown();
    delivery.close();
    servers.forEach(server -> server.stop(0));
    camel.stop();
  }

  @Test
  void aDeadOneIsLeftAloneThenTriedByOneForAll() throws Exception {
    int port = freePort();
    String dead = "http://127.0.0.1:" + port + "/answer?token=s3cret";
    assertThat(triesUntilSuspended(dead)).isBetween(2, 5);
    assertThat(deferred(deliver(dead))).contains("refused").doesNotContain("s3cret");

    // it is back, and nobody asks before the time is over
    serve(port);
    for (int i = 0; i < 1000; i++) {
      assertThat(deferred(deliver(dead))).startsWith(SUSPENDED);
    }
    assertThat(requests).hasValue(0);

    now = now.plus(SUSPENSION);
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TaskOutcome>> all =
          IntStream.range(0, 50).mapToObj(_ -> senders.submit(() -> deliver(dead))).toList();
      await().until(() -> requests.get() == 1 && state().waiting() == 49);
      assertThat(state().probing()).isTrue();
      answers.countDown();
      for (Future<TaskOutcome> one : all) {
        assertThat(sent(one.get())).isTrue();
      }
    }
    assertThat(requests).hasValue(50);
  }

  @Test
  void othersAreNotHeldUp() throws Exception {
    String dead = "http://127.0.0.1:" + freePort() + "/answer";
    String alive = "http://127.0.0.1:" + serve(0) + "/answer";
    answers.countDown();
    triesUntilSuspended(dead);

    assertThat(sent(deliver(alive))).isTrue();
    assertThat(deferred(deliver(dead))).startsWith(SUSPENDED);
  }

  @Test
  void oneThatDoesNotAnswerIsDeadToo() throws Exception {
    delivery = delivery(Duration.ofMillis(100));
    String silent = "http://127.0.0.1:" + serve(0) + "/answer";

    assertThat(triesUntilSuspended(silent)).isBetween(2, 5);
    assertThat(deferred(deliver(silent)))
        .isEqualTo(SUSPENDED + "no answer from the endpoint in 0 s");
    assertThat(requests.get()).isLessThanOrEqualTo(5);
  }

  @Test
  void oneThatRefusesEachMessageIsNot() throws Exception {
    String refusing = "http://127.0.0.1:" + serve(0) + "/status/500";

    for (int i = 0; i < 20; i++) {
      assertThat(deferred(deliver(refusing))).startsWith("4.3.0 HTTP 500");
    }
    assertThat(requests).hasValue(20);
  }

  @Test
  void aRuleMaySayThatItIs() throws Exception {
    delivery = delivery(Duration.ofMinutes(1), "suspend 4.7.0 http=429");

    assertThat(triesUntilSuspended("http://127.0.0.1:" + serve(0) + "/status/429")).isBetween(2, 5);
  }

  @Test
  void oneThatCannotBeStartedIsDead() throws Exception {
    var starts = new AtomicInteger();
    camel.addComponent("broken", new Broken(starts));

    assertThat(triesUntilSuspended("broken:x")).isBetween(2, 5);
    assertThat(starts.get()).isLessThanOrEqualTo(5);
    assertThat(deferred(deliver("broken:x"))).isEqualTo(SUSPENDED + "no broker");
  }

  @Test
  void theOperatorMayHaveItTriedAtOnce() throws Exception {
    int port = freePort();
    String dead = "http://127.0.0.1:" + port + "/answer";
    triesUntilSuspended(dead);
    serve(port);
    answers.countDown();

    turns.revive();

    assertThat(sent(deliver(dead))).isTrue();
  }

  /// @return attempts that were made
  private int triesUntilSuspended(String uri) throws Exception {
    for (int i = 0; i < 10; i++) {
      if (deferred(deliver(uri)).startsWith(SUSPENDED)) {
        return i;
      }
    }
    throw new AssertionError("never suspended");
  }

  private DestinationState state() {
    return turns.states("camel").getFirst();
  }

  private TaskOutcome deliver(String uri) {
    Mail mail = Cases.mail(Cases.own(), "Subject: x\r\n", "r@d.example");
    return delivery.deliver(mail.with(mail.envelope().with(Destination.of("camel", uri))));
  }

  private CamelDelivery delivery(Duration timeout, String... rules) {
    return new CamelDelivery(
        new CamelSettings(timeout, 20, 5, List.of(rules)),
        new Endpoints(camel),
        new MailText(_ -> InputStream.nullInputStream()),
        turns,
        () -> now);
  }

  private static String deferred(TaskOutcome outcome) {
    return outcome.results().getFirst().attempt() instanceof Attempt.Deferred(var reason)
        ? reason.status() + " " + reason.text()
        : outcome.toString();
  }

  private static boolean sent(TaskOutcome outcome) {
    return outcome.results().getFirst().attempt() instanceof Attempt.Delivered;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// @param port 0 for any
  private int serve(int port) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      requests.incrementAndGet();
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/status/")) {
        exchange.sendResponseHeaders(Integer.parseInt(path.substring("/status/".length())), -1);
        return;
      }
      answers.await();
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What connects when it is started, as clients of brokers do, and finds nobody.
  private static final class Broken extends DefaultComponent {
    private final AtomicInteger starts;

    Broken(AtomicInteger starts) {
      this.starts = starts;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> options) {
      return new DefaultEndpoint(uri, this) {
        @Override
        public Producer createProducer() {
          return new DefaultProducer(this) {
            @Override
            protected void doStart() {
              starts.incrementAndGet();
              throw new IllegalStateException("no broker");
            }

            @Override
            public void process(Exchange exchange) {
              throw new UnsupportedOperationException();
            }
          };
        }

        @Override
        public org.apache.camel.Consumer createConsumer(Processor processor) {
          throw new UnsupportedOperationException();
        }
      };
    }
  }
}
