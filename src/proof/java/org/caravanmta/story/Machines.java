package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The machines of a cluster and what runs on them, each in a process of its own: the nodes n1 n2
/// n3 and the peers l1 l2 l3 of their lock service; and the network between them.
final class Machines implements AutoCloseable {
  static final List<String> NODES = List.of("n1", "n2", "n3");
  static final List<String> PEERS = List.of("l1", "l2", "l3");
  static final int SMTP = 2525;

  private static final Path SCRIPTS = Path.of("src/proof");
  private static final int METRICS = 8080;
  private static final int LOCKS = 2181;
  private static final Pattern KEEPS = Pattern.compile("cluster: (\\w+) keeps the copies of our");
  private static final Duration TO_START = Duration.ofSeconds(120);
  private static final Duration TO_END = Duration.ofSeconds(60);
  private static final Duration TO_ANSWER = Duration.ofSeconds(5);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .connectTimeout(TO_ANSWER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  private final Path directory;
  private final Map<String, Process> running = new ConcurrentHashMap<>();

  /// The program `caravan` of those that are started from now on; empty: as the script finds it.
  private String program = "";

  /// @param directory of settings, data and logs
  Machines(Path directory) {
    this.directory = directory;
  }

  /// The address of a node, or of the machine of a peer.
  static String address(String one) {
    return "10.48.0.2" + one.substring(1);
  }

  /// The node of an address.
  static String node(String address) {
    return "n" + address.substring("10.48.0.2".length());
  }

  Path directory(String one) {
    return directory.resolve(one);
  }

  Path log(String one) {
    return directory.resolve(one + ".log");
  }

  /// Starts some, and does not wait for them.
  void launch(String... ones) throws IOException {
    for (String one : ones) {
      Files.createDirectories(directory(one));
      var command =
          new ProcessBuilder(SCRIPTS.resolve("cluster-try").toString(), "run", one)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log(one).toFile()));
      if (!program.isEmpty()) {
        command.environment().put("CARAVAN", program);
      }
      running.put(one, command.start());
    }
  }

  /// Of another version: `caravan` of an installation.
  void use(String other) {
    program = other;
  }

  /// Starts some, and waits until they take mail, or locks.
  void start(String... ones) throws IOException {
    launch(ones);
    awaitReady(List.of(ones));
  }

  void awaitReady(List<String> ones) {
    for (String one : ones) {
      await(one + " is ready")
          .atMost(TO_START)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !alive(one) || ready(one));
      if (!alive(one)) {
        throw new IllegalStateException(one + " has ended; see " + log(one));
      }
    }
  }

  boolean alive(String one) {
    Process process = running.get(one);
    return process != null && process.isAlive();
  }

  /// Whether another node has a copy of all mail of this one, as far as this one says.
  static boolean isCopied(String node) {
    return figure(node, "caravan_cluster_copies_in_sync") >= 1;
  }

  /// Which node keeps the copies of the mail of this one.
  String keeper(String node) throws IOException {
    try (Stream<String> log = Files.lines(log(node))) {
      return log.map(KEEPS::matcher)
          .filter(Matcher::find)
          .map(found -> found.group(1))
          .reduce("", (_, last) -> last);
    }
  }

  /// How often a keeper has had copies of all mail of this one.
  long timesCopied(String node) throws IOException {
    try (Stream<String> log = Files.lines(log(node))) {
      return log.filter(line -> line.endsWith(" has copies of all our mail")).count();
    }
  }

  boolean ready(String one) {
    return PEERS.contains(one) ? answers(one) : get(one, "/ready").statusCode() == 200;
  }

  private static boolean answers(String peer) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address(peer), LOCKS), (int) TO_ANSWER.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private record Answer(int statusCode, String body) {}

  private static Answer get(String node, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address(node) + ":" + METRICS + path))
            .timeout(TO_ANSWER)
            .build();
    try {
      var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Answer(0, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "");
    }
  }

  /// The sum of the figures of a node that begin so; -1 when it does not answer.
  static long figure(String node, String begin) {
    Answer answer = get(node, "/metrics");
    if (answer.statusCode() != 200) {
      return -1;
    }
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith(begin))
        .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ')))))
        .sum();
  }

  /// kill -9, and waits until it is gone.
  void kill(String... ones) throws InterruptedException {
    for (String one : ones) {
      running.get(one).destroyForcibly();
    }
    for (String one : ones) {
      running.get(one).waitFor();
    }
  }

  /// SIGTERM, and waits for the end.
  ///
  /// @return its exit status
  int stop(String one) throws InterruptedException {
    Process process = running.get(one);
    process.destroy();
    if (!process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(one + " does not end; see " + log(one));
    }
    return process.exitValue();
  }

  /// SIGSTOP.
  void pause(String one) throws IOException, InterruptedException {
    run("kill", "-STOP", String.valueOf(running.get(one).pid()));
  }

  /// SIGCONT.
  void resume(String one) throws IOException, InterruptedException {
    run("kill", "-CONT", String.valueOf(running.get(one).pid()));
  }

  /// @param what `n1`, or the link `n1:n2`
  void cut(String what) throws IOException, InterruptedException {
    run(SCRIPTS.resolve("cluster-network").toString(), "cut", what);
  }

  void mend(String what) throws IOException, InterruptedException {
    run(SCRIPTS.resolve("cluster-network").toString(), "mend", what);
  }

  /// What one sends leaves no faster than 8 Mbit/s.
  void slow(String one) throws IOException, InterruptedException {
    run(SCRIPTS.resolve("cluster-network").toString(), "slow", one, "8mbit");
  }

  void fast(String one) throws IOException, InterruptedException {
    run(SCRIPTS.resolve("cluster-network").toString(), "fast", one);
  }

  /// Removes all that one has on its disk; it does not run.
  void wipe(String one) throws IOException {
    Path data = directory(one).resolve("data");
    List<Path> files;
    try (Stream<Path> found = Files.walk(data)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      if (!file.equals(data)) {
        Files.delete(file);
      }
    }
  }

  /// Lines of the logs of nodes since the beginning that say that something went wrong, without
  /// their time.
  List<String> complaints(String one) throws IOException {
    var lines = new ArrayList<String>();
    try (Stream<String> log = Files.lines(log(one))) {
      log.filter(line -> line.contains("]: ERROR ") || line.contains("]: WARN "))
          .forEach(lines::add);
    }
    return lines;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": exit status " + status);
    }
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroyForcibly);
  }
}
