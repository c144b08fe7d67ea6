package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/// What is measured of a server from outside: its heap after a collection, its processor time, the
/// depth of its queues, and how long mail takes that has nothing to do with its backlog.
final class Pulse {
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Pulse() {}

  /// @param median in milliseconds
  /// @param late nine of ten are faster, in milliseconds
  /// @param slowest in milliseconds
  record Latency(long median, long late, long slowest) {
    @Override
    public String toString() {
      return "other mail takes %d ms, one of ten more than %d ms, the slowest %d ms"
          .formatted(median, late, slowest);
    }
  }

  /// How long so many messages to a site that is well take, one after the other.
  static Latency latency(int port, Sink others, String name, int pings) throws Exception {
    var times = new long[pings];
    try (var talk = Talk.to(port)) {
      for (int i = 0; i < pings; i++) {
        String sequence = name + "-" + i;
        long begun = System.nanoTime();
        talk.say("MAIL FROM:<load@caravan.test>");
        talk.say("RCPT TO:<joe@well.example>");
        talk.say("DATA");
        talk.data(Flood.text(sequence));
        await()
            .atMost(Duration.ofMinutes(2))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> others.arrived.containsKey(sequence));
        times[i] = millis(begun);
      }
    }
    Arrays.sort(times);
    return new Latency(times[pings / 2], times[pings * 9 / 10], times[pings - 1]);
  }

  /// Used after a full collection, in MiB.
  static long heap(Server caravan) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    run(jcmd, String.valueOf(caravan.pid()), "GC.run");
    var used = USED.matcher(run(jcmd, String.valueOf(caravan.pid()), "GC.heap_info"));
    long sum = 0;
    for (int i = 0; i < 2 && used.find(); i++) {
      sum += Long.parseLong(used.group(1));
    }
    return sum / 1024;
  }

  /// The processor time that a server has used, in milliseconds.
  static long processor(Server caravan) {
    return ProcessHandle.of(caravan.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toMillis)
        .orElse(-1L);
  }

  /// How many messages are on the queues of a name that begins so, by the server's metrics.
  static long depth(int metrics, String queue) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/metrics"));
    return CLIENT
        .send(request.build(), HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith("caravan_queue_depth{queue=\"" + queue))
        .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.indexOf(' ') + 1))))
        .sum();
  }

  /// How many processes wait for a processor, by the machine.
  static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    } catch (IOException e) {
      return "unknown";
    }
  }

  static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  /// A line of the account, with the time since the proof began and the load of the machine.
  static void say(long begun, String text, Object... of) {
    System.out.printf(
        Locale.ROOT,
        "%6.1f s, load %s: %s%n",
        millis(begun) / 1000.0,
        load(),
        String.format(Locale.ROOT, text, of));
  }

  private static String run(String... words) throws Exception {
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }
}
