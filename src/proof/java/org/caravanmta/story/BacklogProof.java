package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.caravanmta.Ports;

/// A backlog for dead domains: the heap stays flat, a restart takes seconds, other mail is as fast
/// as without it, and when the domains come back all of it is delivered, each once.
///
/// `BacklogProof --messages 1000000 --domains 1000 --sessions 8 --recipients 50`: each recipient is
/// at another domain, and so a message of its own on the queues.
final class BacklogProof {
  private static final int PINGS = 100;

  /// From the start of the process to its first 250 for a message.
  private static final Duration START = Duration.ofSeconds(15);

  /// A machine that does much else takes its time.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration GLANCE = Duration.ofSeconds(1);
  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofHours(3);
  private static final String LANE = "deferred.";

  /// A collection, and a disk that has much to write, in milliseconds.
  private static final long SECOND = 1000;

  /// In MiB, after a full collection.
  private static final long HEAP = 200;

  private final Path data;
  private final Path empty;
  private final Path table;
  private final int smtp = Ports.free();
  private final int submission = Ports.free();
  private final int metrics = Ports.free();
  private final int dead = Ports.free();
  private final Sink others;
  private final long begun = System.nanoTime();
  private boolean good = true;

  private BacklogProof(Path directory, Sink others) throws IOException {
    this.data = directory.resolve("var");
    this.empty = directory.resolve("empty");
    this.table = directory.resolve("transport");
    this.others = others;
  }

  public static void main(String[] words) throws Exception {
    Map<String, Long> options =
        Proof.options(
            words,
            Map.of("messages", 1_000_000L, "domains", 1000L, "sessions", 8L, "recipients", 50L));
    Proof.end(
        directory -> {
          try (var others = Sink.start()) {
            return new BacklogProof(directory, others)
                .run(
                    options.get("messages").intValue(),
                    options.get("domains").intValue(),
                    options.get("sessions").intValue(),
                    options.get("recipients").intValue());
          }
        });
  }

  private boolean run(int messages, int domains, int sessions, int recipients) throws Exception {
    write(domains);
    start(empty, "a start with nothing waiting").close();
    Server caravan = start(data, "the first start");
    Pulse.Latency before;
    try {
      latency("warm");
      before = latency("before");
      say("heap %d MiB, %s", Pulse.heap(caravan), before);
      fill(caravan, messages, domains, sessions, recipients);
      besides(caravan, "with the backlog", before);
    } finally {
      caravan.kill();
    }
    Server again = start(data, "after kill -9");
    try {
      long counted = System.nanoTime();
      await()
          .atMost(PATIENCE)
          .until(() -> Pulse.depth(metrics, LANE), waiting -> waiting == messages);
      say("as many are deferred, known %d ms later", Pulse.millis(counted));
      besides(again, "after the restart", before);
      recover(again, messages, recipients, before);
      return good;
    } finally {
      again.close();
    }
  }

  private void fill(Server caravan, int messages, int domains, int sessions, int recipients)
      throws Exception {
    long since = System.nanoTime();
    var flood = new Flood(smtp, messages, domains, recipients).start(sessions);
    int tenths = 0;
    long told = since;
    long deferred = 0;
    while (deferred < messages) {
      flood.isOver();
      Thread.sleep(GLANCE);
      deferred = Pulse.depth(metrics, LANE);
      if (System.nanoTime() - told > PROGRESS.toNanos()) {
        told = System.nanoTime();
        say("%,d taken, %,d deferred, %s", flood.taken(), deferred, rate(deferred, since));
      }
      if (deferred * 10 / messages > tenths) {
        tenths = (int) (deferred * 10 / messages);
        say("%,d deferred, heap %d MiB", deferred, Pulse.heap(caravan));
      }
    }
    say(
        "%,d deferred in %d s, %s, %d ms of a processor for a thousand",
        deferred,
        Pulse.millis(since) / 1000,
        rate(deferred, since),
        Pulse.processor(caravan) * 1000 / messages);
  }

  /// The heap and the latency of other mail, which the backlog must not change.
  private void besides(Server caravan, String when, Pulse.Latency before) throws Exception {
    long heap = Pulse.heap(caravan);
    Pulse.Latency now = latency(when.replace(' ', '-'));
    say("%s: heap %d MiB, %s", when, heap, now);
    judge(heap < HEAP, "a flat heap");
    judge(now.median() < 2 * before.median() + 20, "other mail as fast as before");
    judge(now.slowest() < before.slowest() + SECOND, "none of the other mail much slower");
  }

  private void recover(Server caravan, int messages, int recipients, Pulse.Latency before)
      throws Exception {
    try (var back = Sink.start(new InetSocketAddress("0.0.0.0", dead))) {
      long since = System.nanoTime();
      caravan.command("queue", "flush");
      await().atMost(PATIENCE).pollInterval(GLANCE).until(() -> back.messages.sum() > 0);
      besides(caravan, "while it is delivered", before);
      int tenths = 0;
      long told = since;
      long left = messages;
      boolean half = false;
      while (back.messages.sum() < messages || left > 0) {
        Thread.sleep(GLANCE);
        left = Pulse.depth(metrics, "");
        long sent = back.messages.sum();
        if (System.nanoTime() - told > PROGRESS.toNanos()) {
          told = System.nanoTime();
          say("%,d delivered, %,d on queues, %s", sent, left, rate(sent, since));
        }
        if (!half && sent > messages / 2) {
          half = true;
          besides(caravan, "half way", before);
        }
        if (sent * 10 / messages > tenths) {
          tenths = (int) (sent * 10 / messages);
          say("%,d delivered, heap %d MiB", sent, Pulse.heap(caravan));
        }
        if (Pulse.millis(since) > LONG.toMillis()) {
          throw new IllegalStateException("the backlog does not end");
        }
      }
      say("%,d delivered, %s", back.messages.sum(), rate(back.messages.sum(), since));
      judge(back.messages.sum() == messages, "no message twice");
      judge(areWhole(back, messages, recipients), "each transaction as often as it has recipients");
      besides(caravan, "after it", before);
    }
  }

  private static boolean areWhole(Sink back, int messages, int recipients) {
    return IntStream.iterate(0, from -> from < messages, from -> from + recipients)
        .allMatch(
            from -> {
              var times = back.arrived.get("backlog-" + from);
              return times != null && times.get() == Math.min(recipients, messages - from);
            });
  }

  /// Starts one, which has taken a message when this returns.
  private Server start(Path directory, String what) throws Exception {
    long since = System.nanoTime();
    Server server =
        Server.launch(
            smtp,
            submission,
            directory,
            "-Xmx512m",
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + others.port,
            "--set",
            "routing.transport=[\"texthash:" + table + "\"]",
            "--set",
            "metrics.address=127.0.0.1:" + metrics,
            "--set",
            "queue.lanes=[4h]");
    await().atMost(PATIENCE).until(() -> !server.alive() || server.says("ready"));
    if (!server.alive()) {
      throw new IllegalStateException(String.join("\n", server.lines()));
    }
    long ready = Pulse.millis(since);
    try (var talk = Talk.to(smtp)) {
      String reply =
          talk.send("load@caravan.test", "joe@well.example", "X-Seq: start\r\n\r\ntext\r\n");
      judge(reply.startsWith("250"), "a message is taken");
    }
    long took = Pulse.millis(since);
    say(
        "%s: accepts after %d ms, first 250 after %d ms, %d ms of a processor",
        what, ready, took, Pulse.processor(server));
    judge(took < START.toMillis(), "a start in " + START.toSeconds() + " s");
    return server;
  }

  /// Each domain is at a loopback address of its own, where nobody listens for now.
  private void write(int domains) throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < domains; i++) {
      lines.append(
          "dead%d.example smtp:[127.1.%d.%d]:%d%n".formatted(i, i / 250, i % 250 + 1, dead));
    }
    Files.writeString(table, lines);
  }

  private Pulse.Latency latency(String name) throws Exception {
    return Pulse.latency(smtp, others, name, PINGS);
  }

  private void judge(boolean holds, String what) {
    if (!holds) {
      say("NOT SO: %s", what);
      good = false;
    }
  }

  private static String rate(long messages, long since) {
    return messages * 1000 / Math.max(1, Pulse.millis(since)) + " in a second";
  }

  private void say(String text, Object... of) {
    Pulse.say(begun, text, of);
  }
}
