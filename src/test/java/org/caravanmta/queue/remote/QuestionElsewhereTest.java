package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.Ports;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions at a broker that several nodes use: who answers, and what becomes of them when the
/// node that has taken one hangs.
class QuestionElsewhereTest {
  private static final String STAGE = "artemis:rewriting?exchangePattern=InOut";
  private static final String ASK = STAGE + "&requestTimeout=20s";

  @TempDir Path directory;
  private final List<Depot> nodes = new ArrayList<>();
  private Child broker;
  private Passage passage;
  private String url;

  @BeforeEach
  void open() throws Exception {
    int port = Ports.free();
    broker = BrokerProcess.start(directory, port);
    passage = new Passage(port);
    url = "tcp://127.0.0.1:" + port;
  }

  @AfterEach
  void close() throws Exception {
    passage.flow();
    nodes.forEach(Depot::close);
    passage.close();
    broker.close();
  }

  /// A node without a stage.
  private Depot node(String at) {
    var node = Depot.on(new RemoteBroker(at, "", "")).start();
    nodes.add(node);
    return node;
  }

  /// A node with one.
  private Depot node(String at, String options, Processor stage) throws Exception {
    return node(at).route(to -> to.from(STAGE + options).process(stage));
  }

  private static Processor named(String name) {
    return exchange -> exchange.getMessage().setBody(letter(name));
  }

  private static String answer(CompletableFuture<Exchange> asked) throws Exception {
    Exchange exchange = asked.get(30, TimeUnit.SECONDS);
    assertThat(exchange.getException()).isNull();
    return exchange.getMessage().getBody(Mail.class).id();
  }

  @Test
  void itsOwnNodesStageAnswersEvenWithoutTheBroker() throws Exception {
    var one = node(passage.url(), "", named("one"));
    var other = node(url, "", named("other"));
    for (int number = 0; number < 20; number++) {
      assertThat(answer(one.send(ASK, letter("asked")))).isEqualTo("one");
      assertThat(answer(other.send(ASK, letter("asked")))).isEqualTo("other");
    }
    passage.shut();
    assertThat(answer(one.send(ASK, letter("asked")))).isEqualTo("one");
  }

  @Test
  void anothersAnswersWhatItsOwnHasNoPlaceFor() throws Exception {
    var busy = new CountDownLatch(1);
    var begun = new AtomicInteger();
    var one =
        node(
            url,
            "&settle=individual&window=1",
            exchange -> {
              begun.incrementAndGet();
              busy.await();
              exchange.getMessage().setBody(letter("one"));
            });
    var first = one.send(ASK, letter("asked"));
    await().until(() -> begun.get() == 1);
    node(url, "", named("other"));
    awaitStages(2);
    // one in two is given to the one that has no place, and is asked again
    assertThat(answer(one.send(ASK, letter("asked")))).isEqualTo("other");
    assertThat(answer(one.send(ASK, letter("asked")))).isEqualTo("other");
    busy.countDown();
    assertThat(answer(first)).isEqualTo("one");
  }

  @Test
  void whatANodeThatHangsWasGivenIsAskedAgainElsewhere() throws Exception {
    node(passage.url(), "&settle=individual&window=20", named("hanging"));
    node(url, "&settle=individual&window=20", named("alive"));
    awaitStages(2);
    var asker = node(url);
    passage.stall();
    long begun = System.nanoTime();
    var asked = IntStream.range(0, 10).mapToObj(_ -> asker.send(ASK, letter("asked"))).toList();
    for (var each : asked) {
      assertThat(answer(each)).isEqualTo("alive");
    }
    assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(6).toNanos());
  }

  @Test
  void whatANodeWasAnsweringWhenItHungIsAskedAgainElsewhere() throws Exception {
    var never = new CountDownLatch(1);
    var taken = new AtomicInteger();
    node(
        passage.url(),
        "&settle=individual&window=20",
        exchange -> {
          taken.incrementAndGet();
          never.await();
        });
    awaitStages(1);
    var asker = node(url);
    var asked = asker.send(ASK, letter("asked"));
    await().until(() -> taken.get() == 1);
    node(url, "&settle=individual&window=20", named("alive"));
    awaitStages(2);
    assertThat(asked).isNotDone();
    passage.stall();
    long begun = System.nanoTime();
    assertThat(answer(asked)).isEqualTo("alive");
    assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(6).toNanos());
    never.countDown();
  }

  @Test
  void whoeverTakesItsTimeIsNotAskedAgainEachSecond() throws Exception {
    var slow = new CountDownLatch(1);
    var taken = new AtomicInteger();
    Processor stage =
        exchange -> {
          taken.incrementAndGet();
          slow.await();
          exchange.getMessage().setBody(letter("slow"));
        };
    node(url, "&settle=individual&window=20", stage);
    node(url, "&settle=individual&window=20", stage);
    awaitStages(2);
    var asked = node(url).send(ASK, letter("asked"));
    long begun = System.nanoTime();
    await()
        .pollDelay(Duration.ofSeconds(4))
        .until(() -> System.nanoTime() - begun > Duration.ofSeconds(4).toNanos());
    // without a sign of life it is asked each second; a starved machine may give one too late
    assertThat(taken).hasValueLessThan(3);
    slow.countDown();
    assertThat(answer(asked)).isEqualTo("slow");
  }

  private void awaitStages(int count) {
    await()
        .untilAsserted(
            () -> {
              try (var node = new RemoteBroker(url, "", "");
                  var connection = node.connections().open();
                  var session = node.connections().direct(connection)) {
                assertThat(
                        session
                            .queueQuery(node.connections().names().at("rewriting"))
                            .getConsumerCount())
                    .isEqualTo(count);
              }
            });
  }
}
