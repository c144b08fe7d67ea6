package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;
import static org.caravanmta.queue.Letters.stored;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.message.Unsettled;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.reader.QueueReader;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stages that settle in batches.
class StageTest {
  @TempDir Path directory;

  @Test
  void whatAStageSendsIsThereWhenItsMessageIsGone() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"))
            .start()) {
      for (Mail letter : letters(200)) {
        depot.send("artemis:routing", letter);
      }
      depot.awaitDepth("delivery.smtp", 200);
      depot.awaitDepth("routing", 0);
    }
  }

  @Test
  void aRouteThatForgetsAQueueLosesNothing() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .process(
                            e -> {
                              var letter = e.getMessage().getBody(Mail.class);
                              e.getMessage()
                                  .setBody(
                                      Handover.of(
                                          List.of(
                                              new Task("delivery.smtp", letter),
                                              new Task("deferred.1m", letter))));
                            })
                        .to("artemis:delivery.smtp"))
            .start()) {
      depot.send("artemis:routing", letters(1).getFirst());
      depot.awaitDepth("dead", 1);
      depot.awaitDepth("routing", 0);
      depot.awaitDepth("delivery.smtp", 0);
    }
  }

  @Test
  void aLetterThatBreaksTheStageIsSetAsideAndItsNeighboursArriveOnce() throws Exception {
    var letters = letters(50);
    try (var depot = Depot.at(directory).start()) {
      for (Mail letter : letters) {
        depot.keep("routing", letter);
      }
      depot.route(
          to ->
              to.from("artemis:routing")
                  .to("artemis:delivery.smtp")
                  .process(
                      e -> {
                        if (e.getMessage().getBody(Mail.class).id().equals("letter25")) {
                          throw new IllegalStateException("no patience");
                        }
                      })
                  .to("artemis:report"));

      depot.awaitDepth("routing", 0);
      assertThat(depot.waitingIds("delivery.smtp"))
          .containsExactlyElementsOf(
              letters.stream().map(Mail::id).filter(id -> !id.equals("letter25")).toList());
      assertThat(depot.waitingIds("report")).hasSize(49);
      var dead = depot.browse("dead").getFirst();
      assertThat(dead.message().getStringProperty(Frame.ID)).isEqualTo("letter25");
      assertThat(dead.message().getStringProperty(Frame.FROM)).isEqualTo("routing");
      assertThat(dead.message().getStringProperty(Frame.WHY)).contains("no patience");
      assertThat(Depot.CODECS.decode(dead.bytes())).isInstanceOf(Mail.class);
      assertThat(depot.registry.counter("caravan_dead").count()).isEqualTo(1);
    }
  }

  @Test
  void aFailureRouteSpeaksForTheWholeMessage() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .onException(Throwable.class)
                        .handled(true)
                        .setBody(e -> e.getProperty("consumed"))
                        .to("artemis:deferred.1m")
                        .end()
                        .to("artemis:delivery.smtp")
                        .process(
                            e -> {
                              throw new IllegalStateException("broken");
                            })
                        .to("artemis:report"))
            .start()) {
      depot.keep("routing", letter("one"));

      depot.awaitDepth("deferred.1m", 1);
      assertThat(depot.depth("routing")).isZero();
      assertThat(depot.depth("delivery.smtp")).isZero();
      assertThat(depot.depth("report")).isZero();
      assertThat(depot.depth("dead")).isZero();
    }
  }

  @Test
  void whatASplitMessageSendsIsOneTransaction() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .setBody(e -> List.of(letter("a"), letter("b"), letter("c")))
                        .split(to.body())
                        .parallelProcessing()
                        .to("artemis:delivery.smtp")
                        .end())
            .start()) {
      depot.keep("routing", letter("one"));
      depot.awaitDepth("delivery.smtp", 3);
      depot.awaitDepth("routing", 0);
    }
  }

  @Test
  void bytesThatAreNotOursAreSetAside() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("routing", letter("before"));
      depot.put("routing", new byte[] {1, 2, 3}, Map.of(Frame.ID, "garbled"));
      depot.keep("routing", letter("behind"));
      depot.route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"));

      depot.awaitDepth("delivery.smtp", 2);
      assertThat(depot.waitingIds("dead")).containsExactly("garbled");
      var dead = depot.browse("dead").getFirst();
      assertThat(dead.bytes()).containsExactly(1, 2, 3);
      assertThat(dead.message().getStringProperty(Frame.WHY)).contains("too short");
    }
  }

  @Test
  void aRouteThatForgetsToSettleLosesNothing() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:delivery.smtp?settle=individual")
                        .process(e -> e.getMessage().setBody(new Unsettled() {})))
            .start()) {
      depot.keep("delivery.smtp", letter("attempted"));
      depot.awaitDepth("dead", 1);
      assertThat(depot.waitingIds("dead")).containsExactly("attempted");
      assertThat(depot.browse("dead").getFirst().message().getStringProperty(Frame.WHY))
          .contains("before it settles");
    }
  }

  @Test
  void stepsThatKnowNoMailHaveTheEnvelope() throws Exception {
    var seen = new AtomicReference<Map<String, Object>>();
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .process(e -> seen.set(Map.copyOf(e.getMessage().getHeaders())))
                        .to("artemis:report"))
            .start()) {
      depot.keep("routing", letter("enveloped"));
      depot.awaitDepth("report", 1);
      assertThat(seen.get())
          .containsEntry("CaravanId", "enveloped")
          .containsEntry("CaravanSender", "alice@example.org")
          .containsEntry("CaravanRecipients", List.of("bob@example.net"))
          .containsEntry("CaravanAttempt", 0)
          .containsEntry("CaravanHelo", "client.example")
          .containsEntry("CaravanQueue", "routing")
          .containsKeys("CaravanPart", "CaravanSize", "CaravanArrived", "CaravanNextHop");
    }
  }

  @Test
  void storedContentIsReleasedWhenNothingCarriesItOn() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .choice()
                        .when(e -> id(e).equals("carried"))
                        .to("artemis:delivery.smtp")
                        .when(e -> id(e).equals("renamed"))
                        .setBody(e -> stored("renamed", "ref-renamed-2"))
                        .to("artemis:delivery.smtp")
                        .when(e -> id(e).equals("broken"))
                        .throwException(IllegalStateException.class, "broken")
                        .end())
            .start()) {
      for (String id : List.of("carried", "renamed", "broken", "dropped")) {
        depot.keep("routing", stored(id, "ref-" + id));
      }
      depot.keep("routing", letter("inline"));

      depot.awaitDepth("routing", 0);
      await().until(() -> depot.released.size() == 2);
      assertThat(depot.released).containsExactlyInAnyOrder("ref-renamed", "ref-dropped");
    }
  }

  @Test
  void aRouteStoppedAndStartedUnderLoadLosesNothing() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing?consumers=2&batch=8")
                        .routeId("routing")
                        .to("artemis:delivery.smtp"))
            .start()) {
      for (Mail letter : letters(1000)) {
        depot.send("artemis:routing", letter);
      }
      for (int i = 0; i < 5; i++) {
        long before = depot.depth("delivery.smtp");
        await().until(() -> depot.depth("delivery.smtp") > before || depot.depth("routing") == 0);
        var routes = depot.context.getRouteController();
        if (i % 2 == 0) {
          routes.stopRoute("routing");
          routes.startRoute("routing");
        } else {
          routes.suspendRoute("routing");
          routes.resumeRoute("routing");
        }
      }
      depot.awaitDepth("delivery.smtp", 1000);
      assertThat(depot.waitingIds("delivery.smtp")).doesNotHaveDuplicates();
      depot.awaitDepth("routing", 0);
    }
  }

  @Test
  void aSendAfterTheSettlementGoesItsOwnWay() throws Exception {
    var settled = new AtomicBoolean();
    try (var depot =
        Depot.at(directory)
            .route(to -> to.from("artemis:routing").wireTap("direct:tap"))
            .route(
                to ->
                    to.from("direct:tap")
                        .process(e -> await().untilTrue(settled))
                        .to("artemis:report"))
            .start()) {
      depot.keep("routing", letter("one"));
      depot.awaitDepth("routing", 0);
      settled.set(true);
      depot.awaitDepth("report", 1);
    }
  }

  @Test
  void aTaskForAQueueOutsideTheFamilyBreaksTheStage() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .setBody(
                            e ->
                                new SendTest.Split(
                                    List.of(new Task("delivery.nowhere", letter("lost"))), false))
                        .to("artemis:delivery.*"))
            .start()) {
      depot.keep("routing", letter("one"));
      depot.awaitDepth("dead", 1);
      assertThat(depot.browse("dead").getFirst().message().getStringProperty(Frame.WHY))
          .contains("there is no queue delivery.nowhere");
    }
  }

  @Test
  void aStageThatAsksAnotherStillSettlesInOneTransaction() throws Exception {
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing")
                        .to("artemis:filter?exchangePattern=InOut&requestTimeout=10s")
                        .to("artemis:delivery.smtp")
                        .filter(e -> id(e).equals("letter3"))
                        .throwException(IllegalStateException.class, "broken"))
            .route(
                to ->
                    to.from("artemis:filter?exchangePattern=InOut&settle=individual")
                        .process(e -> {}))
            .start()) {
      for (Mail letter : letters(10)) {
        depot.keep("routing", letter);
      }
      depot.awaitDepth("delivery.smtp", 9);
      assertThat(depot.waitingIds("dead")).containsExactly("letter3");
      depot.awaitDepth("routing", 0);
    }
  }

  @Test
  void aLetterThatOthersTookAndNeverSettledIsAGoodOne() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("routing", letter("good"));
      // each time, whoever took it died before the commit
      try (var connection = depot.broker().connections().open();
          var session = depot.broker().connections().transacted(connection)) {
        var consumer = session.createConsumer("routing");
        session.start();
        for (int i = 0; i <= QueueReader.MOST_FAILURES; i++) {
          consumer.receive(10_000).acknowledge();
          session.rollback();
        }
      }
      depot.route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"));
      depot.awaitDepth("delivery.smtp", 1);
      assertThat(depot.depth("dead")).isZero();
    }
  }

  @Test
  void aQueueThatALaterRouteNamesIsMadeForIt() throws Exception {
    try (var depot =
        Depot.at(directory).route(to -> to.from("direct:first").to("artemis:routing")).start()) {
      depot.ask("direct:first", letter("before"));
      depot.route(to -> to.from("direct:later").to("artemis:quarantine"));
      depot.ask("direct:later", letter("after"));
      assertThat(depot.waitingIds("quarantine")).containsExactly("after");
    }
  }

  @Test
  void anOptionThatDoesNotExistIsRefused() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      assertThatThrownBy(
              () -> depot.route(to -> to.from("artemis:routing?concurrency=2").to("log:x")))
          .hasMessageContaining("concurrency");
    }
  }

  @Test
  void depthAndAgeOfAQueueAreToBeSeen() throws Exception {
    var clock = new Depot.Clock();
    try (var depot = Depot.at(directory, clock).start()) {
      depot.keep("routing", letter("first"));
      clock.pass(Duration.ofSeconds(90));
      depot.keep("routing", letter("second"));

      assertThat(gauge(depot, "caravan_queue_depth")).isEqualTo(2);
      assertThat(gauge(depot, "caravan_queue_oldest_seconds")).isEqualTo(90);
      assertThat(depot.registry.get("caravan_queue_in").tag("queue", "routing").counter().count())
          .isEqualTo(2);
      depot.route(to -> to.from("artemis:routing").log("gone"));
      await()
          .until(
              () ->
                  depot.registry.get("caravan_queue_out").tag("queue", "routing").counter().count()
                      == 2);
      assertThat(gauge(depot, "caravan_queue_depth")).isZero();
      assertThat(gauge(depot, "caravan_queue_oldest_seconds")).isZero();
    }
  }

  private static double gauge(Depot depot, String name) {
    return depot.registry.get(name).tag("queue", "routing").gauge().value();
  }

  private static String id(Exchange exchange) {
    return exchange.getMessage().getBody(Mail.class).id();
  }
}
