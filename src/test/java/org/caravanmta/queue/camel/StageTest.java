package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Depot;
import org.junit.jupiter.api.Test;

/// Stages that settle in batches, and what they send.
class StageTest extends QueuesInDirectory {
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
}
