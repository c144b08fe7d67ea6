package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;
import org.caravanmta.peers.FilterRoutes;
import org.caravanmta.queue.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A slow content filter after the queue: it delays the mail that is for it and no other, its queue
/// grows and drains, and its consumers, here and in other processes, are how many messages it has
/// before it at a time. The filter answers when the test lets it, so that the order of what happens
/// is the proof.
class FilterPaceTest {
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final int SOME = 20;

  /// More than the processes have on their side of the broker.
  private static final int MANY = 60;

  private static final int HERD = 200;

  private static final String SLOW = "checks.header=['pcre:{ {/^X-Slow:/ FILTER filter.slow:} }']";

  @TempDir Path directory;

  @Test
  void itDelaysNoOtherMailAndItsQueueGrowsAndDrains() throws Exception {
    try (var sink = Sink.start();
        var filter = new HoldingMilter();
        var caravan = start("var", filter, "settle: individual, window: 1", sink)) {
      send(caravan, "slow", SOME, "X-Slow: 1\r\n");
      await().atMost(LONG).until(() -> filter.atOnce() == 1);
      // sent after it, and there before it
      send(caravan, "other", SOME, "");
      await().atMost(LONG).until(() -> arrived(sink, "other") == SOME);
      assertThat(filter.answered()).isZero();
      assertThat(arrived(sink, "slow")).isZero();
      assertThat(waiting(caravan)).isEqualTo(SOME);

      filter.answer(SOME / 2);
      await().atMost(LONG).until(() -> arrived(sink, "slow") == SOME / 2);
      await().atMost(LONG).until(() -> waiting(caravan) == SOME / 2);

      filter.answer(SOME / 2);
      await().atMost(LONG).until(() -> arrived(sink, "slow") == SOME);
      await().atMost(LONG).until(() -> waiting(caravan) == 0);
      assertThat(filter.most()).isEqualTo(1);
      assertEachOnce(sink, 2 * SOME);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "settle: individual, window: 3, consumers: 2 | 6",
        "batch: 1, consumers: 4                      | 4"
      })
  void itHasAsManyMessagesBeforeItAsTheConsumersOfItsQueueMayHave(String parameters, int atOnce)
      throws Exception {
    try (var sink = Sink.start();
        var filter = new HoldingMilter();
        var caravan = start("var", filter, parameters, sink)) {
      send(caravan, "slow", MANY, "X-Slow: 1\r\n");
      await().atMost(LONG).until(() -> filter.atOnce() == atOnce);
      filter.answer(MANY);
      await().atMost(LONG).until(() -> arrived(sink, "slow") == MANY);
      assertThat(filter.most()).isEqualTo(atOnce);
      assertEachOnce(sink, MANY);
    }
  }

  /// The second comes when all mail is waiting already.
  @Test
  void aSecondProcessAtTheSameBrokerDoublesIt() throws Exception {
    String parameters = "batch: 1, consumers: 4";
    int port = Ports.free();
    String broker = "broker.url=tcp://127.0.0.1:" + port;
    try (var _ = BrokerProcess.start(directory.resolve("broker"), port);
        var sink = Sink.start();
        var filter = new HoldingMilter();
        var one = start("one", filter, parameters, sink, broker)) {
      send(one, "slow", MANY, "X-Slow: 1\r\n");
      await().atMost(LONG).until(() -> filter.atOnce() == 4);
      try (var _ = start("two", filter, parameters, sink, broker)) {
        await().atMost(LONG).until(() -> filter.atOnce() == 8);
        assertThat(filter.answered()).isZero();
        filter.answer(MANY);
        await().atMost(LONG).until(() -> arrived(sink, "slow") == MANY);
        assertThat(filter.most()).isEqualTo(8);
        assertEachOnce(sink, MANY);
      }
    }
  }

  /// Mail waits longer each time, and is not at the filter all at once when that is well again.
  @Test
  void whatHasWaitedForItDoesNotFallOnItAllAtOnce() throws Exception {
    try (var sink = Sink.start();
        var filter = new HoldingMilter();
        var caravan =
            start(
                "var",
                filter,
                "settle: individual, window: 1, consumers: 4",
                sink,
                "queue.lanes=[1s,1h]")) {
      filter.fail(true);
      send(caravan, "slow", HERD, "X-Slow: 1\r\n");
      await().atMost(LONG).until(() -> listed(caravan, "deferred.1h") == HERD);
      // each has been there twice, and is not before an hour is over
      assertThat(filter.sessions()).isLessThanOrEqualTo(2 * HERD);
      int before = filter.sessions();

      filter.fail(false);
      caravan.ask("queue", "flush");
      // one message tries whether it is well, and no other is sent away meanwhile
      await().atMost(LONG).until(() -> filter.atOnce() == 1);
      await().atMost(LONG).until(() -> waiting(caravan) == HERD);
      assertThat(filter.sessions()).isEqualTo(before + 1);
      filter.answer(1);
      await().atMost(LONG).until(() -> filter.atOnce() == 4);
      assertThat(filter.sessions()).isLessThanOrEqualTo(before + 5);
      filter.answer(HERD - 1);
      await().atMost(LONG).until(() -> arrived(sink, "slow") == HERD);
      assertThat(filter.most()).isEqualTo(4);
      assertEachOnce(sink, HERD);
    }
  }

  private Server start(
      String name, HoldingMilter filter, String parameters, Sink sink, String... more)
      throws IOException {
    Path routes =
        FilterRoutes.after(
            directory.resolve(name + "-routes"), "filter.slow", parameters, filter.step());
    var settings =
        new ArrayList<>(
            List.of(
                "--routes",
                routes.toString(),
                "--set",
                SLOW,
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port));
    for (String each : more) {
      settings.addAll(List.of("--set", each));
    }
    return Server.start(directory.resolve(name), settings.toArray(String[]::new));
  }

  private static void send(Server caravan, String name, int count, String field)
      throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      for (int i = 0; i < count; i++) {
        assertThat(
                talk.send(
                    "ann@caravan.test",
                    "joe@far.example",
                    field + "Subject: x\r\nX-Seq: " + name + "-" + i + "\r\n\r\nx\r\n"))
            .startsWith("250 ");
      }
    }
  }

  /// How many messages are on the filter's queue, those that it has before it with them.
  private static int waiting(Server caravan) throws IOException, InterruptedException {
    return listed(caravan, "filter.slow");
  }

  private static int listed(Server caravan, String queue) throws IOException, InterruptedException {
    return caravan.ask("queue", "list", queue).split("joe@far.example", -1).length - 1;
  }

  private static long arrived(Sink sink, String name) {
    return sink.arrived.keySet().stream().filter(each -> each.startsWith(name + "-")).count();
  }

  private static void assertEachOnce(Sink sink, int count) {
    assertThat(sink.arrived).hasSize(count);
    assertThat(sink.arrived.values()).extracting(AtomicInteger::get).containsOnly(1);
  }
}
