package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.caravanmta.Ports;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Picked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Two Caravans at one broker, whose queues have names of their own (`broker.prefix`).
@Execution(ExecutionMode.CONCURRENT)
class PrefixTest {
  private static final String QUESTION = "artemis:rewriting?exchangePattern=InOut";

  @TempDir Path directory;

  private static Depot depot(String url, String prefix) throws Exception {
    return Depot.on(new RemoteBroker(url, "", "", prefix))
        .route(to -> to.from("artemis:routing").to("artemis:report"))
        .route(
            to ->
                to.from(QUESTION)
                    .process(
                        e ->
                            e.getMessage()
                                .setBody(letter(prefix + e.getMessage().getBody(Mail.class).id()))))
        .start();
  }

  @Test
  void neitherTakesTheOthersMailOrQuestions() throws Exception {
    int port = Ports.free();
    String url = "tcp://127.0.0.1:" + port;
    try (var _ = BrokerProcess.start(directory, port);
        var one = depot(url, "one.");
        var other = depot(url, "other.")) {
      for (int i = 0; i < 20; i++) {
        one.keep("routing", letter("one" + i));
        other.keep("routing", letter("other" + i));
        assertThat(((Mail) one.ask(QUESTION, letter("asked"))).id()).isEqualTo("one.asked");
        assertThat(((Mail) other.ask(QUESTION, letter("asked"))).id()).isEqualTo("other.asked");
      }
      awaitReports(one.broker(), 20);
      awaitReports(other.broker(), 20);
      assertThat(ids(one.broker())).allMatch(id -> id.startsWith("one"));
      assertThat(ids(other.broker())).allMatch(id -> id.startsWith("other"));
      assertThat(exist(one.broker(), List.of("one.report", "other.report"))).doesNotContain(false);
      assertThat(exist(one.broker(), List.of("report", "routing", "dead"))).doesNotContain(true);
    }
  }

  @Test
  void theOperatorKnowsTheQueuesByTheirOwnNames() throws Exception {
    int port = Ports.free();
    try (var _ = BrokerProcess.start(directory, port);
        var depot = Depot.on(new RemoteBroker("tcp://127.0.0.1:" + port, "", "", "one.")).start()) {
      depot.keep("routing", letter("moved"));
      depot.keep("routing", letter("stays"));
      try (var desk = depot.broker().desk()) {
        assertThat(desk.count("routing")).isEqualTo(2);
        var picked = new Picked();
        desk.browse(
            "routing",
            seen -> {
              if ("moved".equals(seen.properties().get("id"))) {
                picked.add(
                    seen.number(), new Picked.Item(Optional.of("moved"), Optional.empty(), 1));
              }
              return true;
            });
        assertThat(desk.move("routing", picked, "hold")).isEqualTo(1);
        assertThat(desk.count("hold")).isEqualTo(1);
        assertThat(desk.count("routing")).isEqualTo(1);
      }
      assertThat(depot.broker().look("hold").depth()).isEqualTo(1);
      try (var turn = depot.broker().turn()) {
        assertThat(turn).isNotNull();
      }
    }
  }

  private static void awaitReports(Broker broker, long count) {
    await().untilAsserted(() -> assertThat(ids(broker)).hasSize((int) count));
  }

  private static List<String> ids(Broker broker) throws Exception {
    var ids = new ArrayList<String>();
    try (var desk = broker.desk()) {
      desk.browse("report", seen -> ids.add(String.valueOf(seen.properties().get("id"))));
    }
    return ids;
  }

  /// Whether the broker has a queue of each of these names.
  private static List<Boolean> exist(Broker broker, List<String> names) throws Exception {
    var exist = new ArrayList<Boolean>();
    try (var connection = broker.connections().open();
        var session = broker.connections().direct(connection)) {
      for (String name : names) {
        exist.add(session.queueQuery(SimpleString.of(name)).isExists());
      }
    }
    return exist;
  }
}
