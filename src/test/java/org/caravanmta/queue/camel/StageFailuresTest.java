package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;
import static org.caravanmta.queue.Letters.stored;

import java.util.List;
import java.util.Map;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.message.Unsettled;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.reader.QueueReader;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;

/// Stages that settle in batches, and break, or forget what they should do: nothing is lost.
class StageFailuresTest extends QueuesInDirectory {
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
  void anOptionThatDoesNotExistIsRefused() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      assertThatThrownBy(
              () -> depot.route(to -> to.from("artemis:routing?concurrency=2").to("log:x")))
          .hasMessageContaining("concurrency");
    }
  }
}
