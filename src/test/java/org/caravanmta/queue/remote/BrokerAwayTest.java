package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.caravanmta.Ports;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that cannot be reached for a while, over a way that is closed, or that hangs.
class BrokerAwayTest {
  /// Readers of one stage: as many as a node with all its stages has.
  private static final int READERS = 30;

  @TempDir Path directory;
  private Child broker;
  private Passage passage;

  @BeforeEach
  void open() throws Exception {
    int port = Ports.free();
    broker = BrokerProcess.start(directory, port);
    passage = new Passage(port);
  }

  @AfterEach
  void close() throws Exception {
    passage.close();
    broker.close();
  }

  private Depot depot() {
    return Depot.on(new RemoteBroker(passage.url(), "", ""));
  }

  @Test
  void whatIsSentMeanwhileFailsAtOnceAndAllReadersAreThereAgainAtOnce() throws Exception {
    try (var depot =
        depot()
            .route(to -> to.from("artemis:routing?consumers=" + READERS).to("artemis:report"))
            .start()) {
      depot.keep("routing", letter("before"));
      depot.awaitDepth("report", 1);
      assertThat(depot.broker().away()).isEmpty();

      passage.shut();
      await().atMost(Duration.ofSeconds(2)).until(() -> depot.broker().away().isPresent());
      long asked = System.nanoTime();
      var question =
          depot
              .send("artemis:dnsbl?exchangePattern=InOut", letter("asked"))
              .get(2, TimeUnit.SECONDS);
      var sent = depot.send("artemis:routing", letter("meanwhile")).get(2, TimeUnit.SECONDS);
      assertThat(System.nanoTime() - asked).isLessThan(Duration.ofSeconds(2).toNanos());
      for (Exchange failed : List.of(question, sent)) {
        assertThat(failed.getException())
            .isInstanceOf(QueueUnavailable.class)
            .hasMessageContaining("cannot be reached");
      }

      passage.reopen();
      await()
          .atMost(Duration.ofSeconds(5))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> depot.send("artemis:routing", letter("after")).get().getException() == null);
      await().atMost(Duration.ofSeconds(5)).until(() -> depot.broker().away().isEmpty());
      await().atMost(Duration.ofSeconds(5)).until(() -> consumers(depot) == READERS);
    }
  }

  @Test
  void manyConnectionsAreMadeAtATimeWhileTheBrokerDoesNotAnswer() throws Exception {
    try (var node = new RemoteBroker(passage.url(), "", "")) {
      node.desk().close();
      passage.stall();
      long begun = System.nanoTime();
      List<CompletableFuture<Void>> all =
          IntStream.range(0, READERS)
              .mapToObj(
                  _ -> CompletableFuture.runAsync(() -> refused(node), Thread::startVirtualThread))
              .toList();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
      // one after the other they would take two minutes
      assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(15).toNanos());
    }
  }

  private static void refused(RemoteBroker node) {
    try {
      node.desk().close();
      throw new AssertionError("nothing answers");
    } catch (Exception e) {
      // as it should be
    }
  }

  @Test
  void whatWasNotConfirmedIsSentAgainAndTakenOnce() throws Exception {
    try (var depot = depot().start()) {
      depot.keep("routing", letter("before"));
      passage.deafen();
      List<CompletableFuture<Exchange>> sent =
          IntStream.range(0, 50)
              .mapToObj(number -> depot.send("artemis:routing", letter("letter" + number)))
              .toList();
      try (var beside = Depot.on(new RemoteBroker(direct(), "", ""))) {
        // the broker has them, and its answers do not come
        await().untilAsserted(() -> assertThat(beside.depth("routing")).isEqualTo(51));
        assertThat(sent).noneMatch(CompletableFuture::isDone);

        passage.cut();
        passage.flow();
        for (CompletableFuture<Exchange> each : sent) {
          assertThat(each.get(10, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(beside.waitingIds("routing")).hasSize(51).doesNotHaveDuplicates();
      }
    }
  }

  /// Half a minute it was.
  @Test
  void whoeverWasCaughtInTheBreakIsToldWithinSeconds() throws Exception {
    try (var depot = depot().start()) {
      depot.keep("routing", letter("before"));
      passage.deafen();
      CompletableFuture<Exchange> caught = depot.send("artemis:routing", letter("caught"));
      try (var beside = Depot.on(new RemoteBroker(direct(), "", ""))) {
        await().untilAsserted(() -> assertThat(beside.depth("routing")).isEqualTo(2));
        passage.shut();
        assertThat(caught.get(8, TimeUnit.SECONDS).getException())
            .isInstanceOf(QueueUnavailable.class)
            .hasMessageStartingWith(
                "the broker has not confirmed within 5 s, and cannot be reached: ");
        passage.reopen();
      }
    }
  }

  /// No connection is refused, and none is answered: it takes twice the time of silence at most
  /// until the client of Artemis says that the connection has broken.
  @Test
  void whoeverWaitsWhileTheWayHangsIsToldWhenThatIsKnown() throws Exception {
    try (var depot = depot().start()) {
      depot.keep("routing", letter("before"));
      passage.stall();
      CompletableFuture<Exchange> caught = depot.send("artemis:routing", letter("caught"));
      assertThat(caught.get(16, TimeUnit.SECONDS).getException())
          .isInstanceOf(QueueUnavailable.class);
      passage.cut();
      passage.flow();
    }
  }

  @Test
  void whatANodeThatHangsHadTakenIsAnothersWithinTenSeconds() throws Exception {
    try (var _ = depot().route(to -> to.from("artemis:routing").to("artemis:report")).start();
        var beside = Depot.on(new RemoteBroker(direct(), "", "")).start()) {
      await().atMost(Duration.ofSeconds(10)).until(() -> consumers(beside) == 1);
      passage.stall();
      for (int number = 0; number < 50; number++) {
        beside.keep("routing", letter("letter" + number));
      }
      long begun = System.nanoTime();
      beside.route(to -> to.from("artemis:routing").to("artemis:report"));
      beside.awaitDepth("report", 50);
      assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(10).toNanos());
      passage.flow();
      assertThat(beside.waitingIds("report")).doesNotHaveDuplicates();
    }
  }

  @Test
  void aPauseOfTwoSecondsBreaksNothing() throws Exception {
    try (var depot = depot().route(to -> to.from("artemis:routing").to("artemis:report")).start()) {
      depot.keep("routing", letter("before"));
      depot.awaitDepth("report", 1);
      passage.stall();
      var meanwhile = depot.send("artemis:routing", letter("meanwhile"));
      long begun = System.nanoTime();
      await()
          .pollDelay(Duration.ofSeconds(2))
          .until(() -> System.nanoTime() - begun >= Duration.ofSeconds(2).toNanos());
      passage.flow();
      assertThat(meanwhile.get(10, TimeUnit.SECONDS).getException()).isNull();
      depot.awaitDepth("report", 2);
      assertThat(depot.broker().away()).isEmpty();
    }
  }

  private String direct() {
    return "tcp://127.0.0.1:" + passage.target();
  }

  private int consumers(Depot depot) throws Exception {
    try (var node = new RemoteBroker(direct(), "", "");
        var connection = node.connections().open();
        var session = node.connections().direct(connection)) {
      return session.queueQuery(node.connections().names().at("routing")).getConsumerCount();
    }
  }
}
