package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;
import static org.caravanmta.queue.Letters.stored;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stages that settle each message when it is done.
class IndividualTest {
  private static final String FROM = "artemis:delivery.smtp?settle=individual&window=10";

  @TempDir Path directory;

  @Test
  void aSlowLetterKeepsNoOtherWaiting() throws Exception {
    var slow = new CountDownLatch(1);
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from(FROM)
                        .process(
                            e -> {
                              if (id(e).equals("letter0")) {
                                slow.await();
                              }
                            })
                        .to("artemis:report"))
            .start()) {
      for (Mail letter : letters(100)) {
        depot.send("artemis:delivery.smtp", letter);
      }
      depot.awaitDepth("report", 99);
      assertThat(depot.waitingIds("report")).doesNotContain("letter0");
      depot.awaitDepth("delivery.smtp", 1);

      slow.countDown();
      depot.awaitDepth("report", 100);
      depot.awaitDepth("delivery.smtp", 0);
    }
  }

  @Test
  void noMoreAreInFlightThanTheWindowHas() throws Exception {
    var inFlight = new AtomicInteger();
    var most = new AtomicInteger();
    var go = new Semaphore(0);
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from(FROM)
                        .process(
                            e -> {
                              most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                              go.acquire();
                              inFlight.decrementAndGet();
                            }))
            .start()) {
      for (Mail letter : letters(50)) {
        depot.send("artemis:delivery.smtp", letter);
      }
      await().until(() -> inFlight.get() == 10);
      go.release(50);
      depot.awaitDepth("delivery.smtp", 0);
      assertThat(most).hasValue(10);
    }
  }

  @Test
  void aLetterThatBreaksTheStageIsSetAsideAlone() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from(FROM)
                        .to("artemis:report")
                        .process(
                            e -> {
                              if (id(e).equals("letter7")) {
                                throw new IllegalStateException("broken");
                              }
                            }))
            .start()) {
      for (Mail letter : letters(30)) {
        depot.send("artemis:delivery.smtp", letter);
      }
      depot.awaitDepth("delivery.smtp", 0);
      // the broker shows what a commit has sent a moment after what it has taken
      depot.awaitDepth("dead", 1);
      depot.awaitDepth("report", 29);
      assertThat(depot.waitingIds("dead")).containsExactly("letter7");
      assertThat(depot.waitingIds("report")).hasSize(29).doesNotContain("letter7");
    }
  }

  @Test
  void contentIsReleasedOnceItsLetterIsSettled() throws Exception {
    try (var depot = Depot.at(directory).route(to -> to.from(FROM).log("gone")).start()) {
      depot.keep("delivery.smtp", stored("one", "ref-one"));
      await().until(() -> depot.released.equals(List.of("ref-one")));
      assertThat(depot.depth("delivery.smtp")).isZero();
    }
  }

  @Test
  void whatIsNotSettledWhenTheProcessIsKilledComesBackInOrder() throws Exception {
    try (var child =
        Child.start(HalfDoneProcess.class, HalfDoneProcess.READY, directory.toString())) {
      child.kill();
    }
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing"))
          .containsExactlyElementsOf(
              IntStream.range(0, 10).mapToObj(n -> "letter" + (2 * n + 1)).toList());
      assertThat(depot.waitingIds("delivery.smtp"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 10).mapToObj(n -> "letter" + 2 * n).toList());
    }
  }

  @Test
  void aRouteThatStopsLetsWhatIsInFlightEnd() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from(FROM)
                        .routeId("delivery")
                        .process(
                            e -> {
                              begun.countDown();
                              end.await();
                            })
                        .to("artemis:report"))
            .start()) {
      depot.keep("delivery.smtp", letter("one"));
      begun.await();
      var stopped =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      depot.context.getRouteController().stopRoute("delivery");
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  });
      end.countDown();
      stopped.join();
      assertThat(depot.waitingIds("report")).containsExactly("one");
      assertThat(depot.depth("delivery.smtp")).isZero();
    }
  }

  /// A thread that breaks is not the end of a stage, whatever broke it: a class that cannot be
  /// loaded when the process has no descriptor left, for one.
  @Test
  void whatBreaksTheReceivingThreadIsNotTheEndOfTheStage() throws Exception {
    var faults = new AtomicInteger(1);
    try (var depot =
        Depot.on(Faulty.broker(EmbeddedBroker.start(directory, Depot.SETTINGS), faults))
            .route(to -> to.from(FROM).routeId("delivery").to("artemis:report"))
            .start()) {
      depot.keep("delivery.smtp", letter("one"));
      depot.awaitDepth("report", 1);
      assertThat(faults).hasValue(0);
      assertThat(depot.waitingIds("report")).containsExactly("one");
    }
  }

  /// A real broker whose readers break so many times when they ask for a message.
  private record Faulty(Object real, AtomicInteger faults) implements InvocationHandler {
    static Broker broker(Broker real, AtomicInteger faults) {
      return as(Broker.class, real, faults);
    }

    private static <T> T as(Class<T> type, Object real, AtomicInteger faults) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(), new Class<?>[] {type}, new Faulty(real, faults)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (method.getName().equals("receive") && faults.get() > 0) {
        faults.decrementAndGet();
        throw new NoClassDefFoundError("no descriptor left");
      }
      try {
        Object result = method.invoke(real, arguments);
        return switch (result) {
          case Link link -> as(Link.class, link, faults);
          case QueueIntake intake -> as(QueueIntake.class, intake, faults);
          case null, default -> result;
        };
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  @Test
  void stoppedAndStartedUnderLoadNothingIsLost() throws Exception {
    Map<String, Integer> attempts = new ConcurrentHashMap<>();
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from(FROM)
                        .routeId("delivery")
                        .process(e -> attempts.merge(id(e), 1, Integer::sum))
                        .to("artemis:report"))
            .start()) {
      for (Mail letter : letters(500)) {
        depot.send("artemis:delivery.smtp", letter);
      }
      for (int i = 0; i < 4; i++) {
        long before = depot.depth("report");
        await().until(() -> depot.depth("report") > before || before == 500);
        depot.context.getRouteController().stopRoute("delivery");
        depot.context.getRouteController().startRoute("delivery");
      }
      depot.awaitDepth("report", 500);
      depot.awaitDepth("delivery.smtp", 0);
      assertThat(attempts).hasSize(500);
      assertThat(attempts.values()).containsOnly(1);
    }
  }

  private static String id(Exchange exchange) {
    return exchange.getMessage().getBody(Mail.class).id();
  }
}
