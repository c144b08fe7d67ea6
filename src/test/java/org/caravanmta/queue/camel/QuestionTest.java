package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions to stages, and the answers.
class QuestionTest {
  private static final String ASK =
      "artemis:dnsbl?exchangePattern=InOut&requestTimeout=400ms&unanswered=#undecided";

  @TempDir Path directory;
  private final List<String> whys = Collections.synchronizedList(new ArrayList<>());

  private Depot depot() throws Exception {
    var depot = Depot.at(directory);
    depot
        .context
        .getRegistry()
        .bind(
            "undecided",
            (Unanswered)
                (question, why) -> {
                  whys.add(why);
                  return ((Case) question).decided(Verdict.PERMIT);
                });
    return depot;
  }

  private static void reject(Exchange exchange) {
    var question = exchange.getMessage().getBody(Case.class);
    exchange
        .getMessage()
        .setBody(
            question.decided(
                new Verdict.Reject(new Reply(554, Optional.empty(), List.of("listed")))));
  }

  @Test
  void theAnswerOfTheStageIsTheBodyOfTheNextStep() throws Exception {
    try (var depot =
        depot()
            .route(
                to -> to.from("artemis:dnsbl?exchangePattern=InOut").process(QuestionTest::reject))
            .start()) {
      var answer = (Case.Connection) depot.ask(ASK, client(1));

      assertThat(answer.verdict()).isInstanceOf(Verdict.Reject.class);
      assertThat(answer.client()).isEqualTo(client(1).client());
      assertThat(whys).isEmpty();
    }
  }

  @Test
  void manyQuestionsAtATimeGetEachItsOwnAnswer() throws Exception {
    try (var depot =
        depot()
            .route(
                to ->
                    to.from("artemis:dnsbl?exchangePattern=InOut&settle=individual&window=20")
                        .process(QuestionTest::reject))
            .start()) {
      var asked =
          IntStream.range(0, 500)
              .mapToObj(port -> depot.send(ASK.replace("400ms", "10s"), client(port)))
              .toList();
      for (int port = 0; port < asked.size(); port++) {
        var answer = asked.get(port).get().getMessage().getBody(Case.Connection.class);
        assertThat(answer.client().port()).isEqualTo(port);
        assertThat(answer.verdict()).isInstanceOf(Verdict.Reject.class);
      }
    }
  }

  @Test
  void aStageThatIsStoppedLeavesTheDeclaredAnswer() throws Exception {
    try (var depot = depot().start()) {
      var answer = (Case.Connection) depot.ask(ASK, client(1));

      assertThat(answer.verdict()).isEqualTo(Verdict.PERMIT);
      assertThat(whys).containsExactly("dnsbl: no answer within 400 ms");
      await().until(() -> depot.registry.counter("caravan_questions_unanswered").count() == 1);
    }
  }

  @Test
  void withoutADeclaredAnswerTheExchangeFails() throws Exception {
    try (var depot = depot().start()) {
      assertThatThrownBy(
              () -> depot.ask("artemis:dnsbl?exchangePattern=InOut&requestTimeout=300", client(1)))
          .isInstanceOf(QueueUnavailable.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void aQuestionWhoseTimeIsUpIsNeverSeenByTheStage() throws Exception {
    var seen = new AtomicInteger();
    try (var depot = depot().start()) {
      for (int i = 0; i < 5; i++) {
        depot.ask(ASK.replace("400ms", "50ms"), client(i));
      }
      depot.route(
          to ->
              to.from("artemis:dnsbl?exchangePattern=InOut")
                  .process(e -> seen.incrementAndGet())
                  .process(QuestionTest::reject));

      var answer = (Case.Connection) depot.ask(ASK.replace("400ms", "5s"), client(9));
      assertThat(answer.verdict()).isInstanceOf(Verdict.Reject.class);
      assertThat(seen).hasValue(1);
      assertThat(depot.depth("dead")).isZero();
    }
  }

  @Test
  void aStageThatBreaksIsNotWaitedFor() throws Exception {
    try (var depot =
        depot()
            .route(
                to ->
                    to.from("artemis:dnsbl?exchangePattern=InOut")
                        .throwException(IllegalStateException.class, "no such zone"))
            .start()) {
      var answer = (Case.Connection) depot.ask(ASK.replace("400ms", "1h"), client(1));

      assertThat(answer.verdict()).isEqualTo(Verdict.PERMIT);
      assertThat(whys).singleElement().asString().contains("failed").contains("no such zone");
    }
  }

  @Test
  void anAnswerThatComesTooLateIsDropped() throws Exception {
    var late = new CountDownLatch(1);
    try (var depot =
        depot()
            .route(
                to ->
                    to.from("artemis:dnsbl?exchangePattern=InOut")
                        .process(e -> late.await())
                        .process(QuestionTest::reject))
            .start()) {
      var answers = new AtomicInteger();
      var first = depot.send(ASK, client(1));
      CompletableFuture<Exchange> counted = first.whenComplete((_, _) -> answers.incrementAndGet());
      assertThat(counted.get().getMessage().getBody(Case.class).verdict())
          .isEqualTo(Verdict.PERMIT);
      late.countDown();

      var second = (Case.Connection) depot.ask(ASK.replace("400ms", "5s"), client(2));
      assertThat(second.client().port()).isEqualTo(2);
      assertThat(second.verdict()).isInstanceOf(Verdict.Reject.class);
      assertThat(answers).hasValue(1);
    }
  }

  @Test
  void headersOfTheRouteStayAndNoneTravel() throws Exception {
    var travelled = new ArrayList<String>();
    try (var depot =
        depot()
            .route(
                to ->
                    to.from("artemis:dnsbl?exchangePattern=InOut")
                        .process(e -> travelled.addAll(e.getMessage().getHeaders().keySet()))
                        .setHeader("fromTheStage", to.constant(true))
                        .process(QuestionTest::reject))
            .route(
                to ->
                    to.from("direct:reception").setHeader("stage", to.constant("connect")).to(ASK))
            .start()) {
      var exchange = depot.send("direct:reception", client(1)).get();

      assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys("stage");
      assertThat(travelled).isEmpty();
    }
  }

  private static Case.Connection client(int port) {
    return new Case.Connection(
        new Client(
            ClientHost.of(InetAddress.getLoopbackAddress(), port, false),
            new Greeting("", "ESMTP"),
            Entrance.by("smtp")),
        Verdict.UNDECIDED);
  }
}
