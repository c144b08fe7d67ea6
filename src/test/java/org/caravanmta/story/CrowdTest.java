package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail goes on while a crowd holds sessions and another comes and goes. The full proof takes
/// longer than a build should:
///
/// `mvn test -Dtest=CrowdTest -Dcaravan.idle=10000 -Dcaravan.junk=300
/// -Dcaravan.crowd-messages=5000`
class CrowdTest {
  private static final int IDLE = Integer.getInteger("caravan.idle", 2_000);
  private static final int JUNK = Integer.getInteger("caravan.junk", 100);
  private static final int MESSAGES = Integer.getInteger("caravan.crowd-messages", 500);
  private static final int SENDERS = 20;

  @TempDir Path directory;

  @Test
  void idleSessionsAndJunkDoNotStopMail() throws Exception {
    try (var sink = Sink.start();
        var caravan =
            Server.on(
                Ports.free(),
                Ports.free(),
                directory.resolve("var"),
                "-Xmx512m",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port,
                "--set",
                "smtp.session-limit=" + (2 * IDLE),
                "--set",
                "smtp.timeout=1h");
        var crowd = new Crowd(caravan.smtp)) {
      mail(caravan, sink, "warm");
      double alone = mail(caravan, sink, "alone");
      tell("alone", caravan, alone, alone);

      crowd.stay(IDLE);
      double among = mail(caravan, sink, "among");
      tell(crowd.staying() + " idle", caravan, among, alone);

      double beset;
      long start = System.nanoTime();
      try (var _ = crowd.comeAndGo(JUNK)) {
        beset = mail(caravan, sink, "beset");
        await().until(() -> crowd.come.sum() > JUNK);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      tell(
          crowd.staying() + " idle and " + Math.round(crowd.come.sum() / seconds) + " junk/s",
          caravan,
          beset,
          alone);

      assertThat(crowd.allThere()).as("nobody idle was sent away").isTrue();
      assertThat(crowd.refused.sum()).as("everybody was greeted").isZero();
      assertThat(caravan.lines())
          .noneMatch(line -> line.contains("LEAK") || line.contains("ERROR"));
    }
  }

  /// Sends messages and waits until all are delivered.
  ///
  /// @return how many in a second
  private static double mail(Server caravan, Sink sink, String name) throws InterruptedException {
    long before = sink.messages.sum();
    long start = System.nanoTime();
    var load = new Load(name, 4096).start(caravan.smtp, SENDERS, MESSAGES, "joe@elsewhere.example");
    load.join();
    assertThat(load.otherReplies).isEmpty();
    assertThat(load.accepted).hasSize(MESSAGES);
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(() -> sink.messages.sum() == before + MESSAGES);
    return MESSAGES * 1e9 / (System.nanoTime() - start);
  }

  private static void tell(String when, Server caravan, double rate, double alone)
      throws IOException, InterruptedException {
    System.out.printf(
        "%s: %.0f messages/s, ratio %.2f; %s; heap %s%n",
        when, rate, rate / alone, resident(caravan), heap(caravan));
  }

  private static String resident(Server caravan) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(caravan.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .findFirst()
          .orElse("VmRSS unknown")
          .replaceAll("\\s+", " ");
    }
  }

  /// What is in the heap after a collection.
  private static String heap(Server caravan) throws IOException, InterruptedException {
    jcmd(caravan, "GC.run");
    return jcmd(caravan, "GC.heap_info").stream()
        .filter(line -> line.contains("generation") || line.contains("total"))
        .map(line -> line.strip().replaceAll("\\s+", " ").replaceAll(" \\[.*", ""))
        .reduce((a, b) -> a + "; " + b)
        .orElse("unknown");
  }

  private static List<String> jcmd(Server caravan, String command)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(caravan.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().readAllLines();
    process.waitFor();
    return lines;
  }
}
