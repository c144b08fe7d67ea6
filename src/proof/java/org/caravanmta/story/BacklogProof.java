package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.caravanmta.Ports;

/// A backlog for dead domains: the heap stays flat, a restart takes seconds, other mail is as fast
/// as without it, and when the domains come back all of it is delivered.
///
/// `BacklogProof --messages 1000000 --domains 1000 --sessions 8`: a message is one recipient's,
/// fifty to a transaction.
final class BacklogProof {
  private static final int AT_ONCE = 50;
  private static final int PINGS = 100;
  private static final Duration START = Duration.ofSeconds(15);
  private static final Duration LONG = Duration.ofHours(3);
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  /// In MiB, after a full collection.
  private static final long HEAP = 200;

  private final Path data;
  private final Path table;
  private final int smtp;
  private final int submission;
  private final int dead;
  private final Sink others;

  private BacklogProof(Path directory, Sink others) throws IOException {
    this.data = directory.resolve("var");
    this.table = directory.resolve("transport");
    this.others = others;
    this.smtp = Ports.free();
    this.submission = Ports.free();
    this.dead = Ports.free();
  }

  public static void main(String[] words) throws Exception {
    Map<String, Long> options =
        Proof.options(words, Map.of("messages", 1_000_000L, "domains", 1000L, "sessions", 8L));
    Proof.end(
        directory -> {
          try (var others = Sink.start()) {
            return new BacklogProof(directory, others)
                .run(
                    options.get("messages").intValue(),
                    options.get("domains").intValue(),
                    options.get("sessions").intValue());
          }
        });
  }

  private boolean run(int messages, int domains, int sessions) throws Exception {
    write(domains);
    boolean good = true;
    Server caravan = start();
    try {
      ping(caravan, "warm");
      long before = ping(caravan, "before");
      System.out.printf("heap %d MiB, other mail takes %d ms%n", heap(caravan), before);
      long begun = System.nanoTime();
      load(messages, domains, sessions);
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofSeconds(5))
          .until(() -> deferred(caravan) >= messages);
      System.out.printf("%,d deferred in %d s%n", messages, seconds(begun));
      long heap = heap(caravan);
      long beside = ping(caravan, "beside");
      System.out.printf("heap %d MiB, other mail takes %d ms%n", heap, beside);
      good &= heap < HEAP && beside < 3 * before + 50;
    } finally {
      caravan.kill();
    }
    long begun = System.nanoTime();
    Server again = start();
    try (var _ = Talk.to(smtp)) {
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      System.out.printf("after kill -9 it accepts again in %d ms%n", took.toMillis());
      good &= took.compareTo(START) < 0;
    }
    try (var back = Sink.start(new InetSocketAddress("0.0.0.0", dead))) {
      long flushed = System.nanoTime();
      again.command("queue", "flush");
      await().pollInterval(Duration.ofSeconds(1)).until(() -> back.messages.sum() > 0);
      long during = ping(again, "during");
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofSeconds(5))
          .until(() -> back.messages.sum() >= messages && deferred(again) == 0);
      System.out.printf(
          "%,d delivered in %d s, heap %d MiB, other mail takes %d ms meanwhile%n",
          back.messages.sum(), seconds(flushed), heap(again), during);
      return good & heap(again) < HEAP;
    } finally {
      again.close();
    }
  }

  private Server start() throws IOException {
    return Server.on(
        smtp,
        submission,
        data,
        "-Xmx512m",
        "--set",
        "delivery.relayhost=[127.0.0.1]:" + others.port,
        "--set",
        "routing.transport=[\"texthash:" + table + "\"]",
        "--set",
        "queue.lanes=[4h]");
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

  private void load(int messages, int domains, int sessions) throws InterruptedException {
    var next = new AtomicInteger();
    Thread[] senders = new Thread[sessions];
    for (int i = 0; i < sessions; i++) {
      senders[i] = Thread.ofVirtual().start(() -> send(next, messages, domains));
    }
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private void send(AtomicInteger next, int messages, int domains) {
    try (var talk = Talk.to(smtp)) {
      for (int from = next.getAndAdd(AT_ONCE); from < messages; from = next.getAndAdd(AT_ONCE)) {
        talk.say("MAIL FROM:<load@caravan.test>");
        for (int i = from; i < Math.min(from + AT_ONCE, messages); i++) {
          talk.say("RCPT TO:<u" + i + "@dead" + i % domains + ".example>");
        }
        talk.say("DATA");
        String reply = talk.data(text("backlog-" + from));
        if (!reply.startsWith("250")) {
          throw new IOException(reply);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How long a message to a site that is well takes, in milliseconds: the median.
  private long ping(Server caravan, String name) throws Exception {
    var times = new long[PINGS];
    try (var talk = Talk.to(caravan.smtp)) {
      for (int i = 0; i < PINGS; i++) {
        String sequence = name + "-" + i;
        long begun = System.nanoTime();
        talk.say("MAIL FROM:<load@caravan.test>");
        talk.say("RCPT TO:<joe@well.example>");
        talk.say("DATA");
        talk.data(text(sequence));
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> others.arrived.containsKey(sequence));
        times[i] = (System.nanoTime() - begun) / 1_000_000;
      }
    }
    Arrays.sort(times);
    return times[PINGS / 2];
  }

  private static byte[] text(String sequence) {
    return ("Subject: x\r\nX-Seq: " + sequence + "\r\n\r\n" + "a line of the text\r\n".repeat(20))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static long deferred(Server caravan) throws Exception {
    return caravan
        .command("metrics")
        .lines()
        .filter(line -> line.startsWith("caravan_queue_depth{queue=\"deferred.4h\"}"))
        .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.indexOf(' ') + 1))))
        .sum();
  }

  private static long heap(Server caravan) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    run(jcmd, String.valueOf(caravan.pid()), "GC.run");
    var used = USED.matcher(run(jcmd, String.valueOf(caravan.pid()), "GC.heap_info"));
    long sum = 0;
    for (int i = 0; i < 2 && used.find(); i++) {
      sum += Long.parseLong(used.group(1));
    }
    return sum / 1024;
  }

  private static String run(String... words) throws Exception {
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }

  private static long seconds(long since) {
    return (System.nanoTime() - since) / 1_000_000_000;
  }
}
