package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.lock.LockPeer;

/// A cluster of three nodes, each a process of its own, with a lock service of one peer.
final class ThreeNodes implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Shorter than that of the settings, so that tests wait less.
  private static final String SESSION = "3s";

  /// Lines of a log that say what is wrong.
  private static final int LINES = 40;

  private final Path directory;
  private final LockPeer locks;
  private final HostPort locksAt;
  private final List<String> more;
  private final Map<Integer, Map<String, String>> environments;
  private final TreeMap<Integer, Node> nodes = new TreeMap<>();

  /// One of them.
  ///
  /// @param server the process that runs now
  record Node(int number, int smtp, int submission, int link, int metrics, Server server) {
    String name() {
      return "n" + number;
    }
  }

  /// @param more settings of all nodes
  ThreeNodes(Path directory, String... more) throws Exception {
    this(directory, Map.of(), more);
  }

  /// @param environments variables of single nodes, by their number
  ThreeNodes(Path directory, Map<Integer, Map<String, String>> environments, String... more)
      throws Exception {
    this.directory = directory;
    this.environments = environments;
    this.more = List.of(more);
    this.locksAt = new HostPort("127.0.0.1", Ports.free());
    this.locks = LockPeer.start(locksAt, List.of(locksAt), directory.resolve("locks"));
    try {
      for (int i = 1; i <= 3; i++) {
        nodes.put(i, launch(i, Ports.free(), Ports.free(), Ports.free(), Ports.free(), this.more));
      }
      for (int i = 1; i <= 3; i++) {
        awaitBegun(i);
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private Node launch(
      int number, int smtp, int submission, int link, int metrics, List<String> more)
      throws IOException {
    var settings =
        new ArrayList<>(
            List.of(
                "--set", "metrics.address=127.0.0.1:" + metrics,
                "--set", "cluster.node=n" + number,
                "--set", "cluster.address=127.0.0.1:" + link,
                "--set", "cluster.secret=a secret of the three nodes",
                "--set", "cluster.session=" + SESSION,
                "--set", "cluster.locks=[" + locksAt + "]"));
    for (String setting : more) {
      settings.add("--set");
      settings.add(setting);
    }
    Server server =
        Server.launch(
            smtp,
            submission,
            data(directory, number),
            "-Xmx256m",
            environments.getOrDefault(number, Map.of()),
            settings.toArray(String[]::new));
    return new Node(number, smtp, submission, link, metrics, server);
  }

  /// Where a node has its data.
  static Path data(Path directory, int number) {
    return directory.resolve("n" + number);
  }

  Node node(int number) {
    return nodes.get(number);
  }

  Server server(int number) {
    return node(number).server();
  }

  private void awaitBegun(int number) {
    if (more.contains("cluster.copies=1")) {
      await().atMost(PATIENCE).until(() -> server(number).says("ready"));
    } else {
      awaitCopies(number);
    }
  }

  /// Waits until a node runs and another has copies of all its mail.
  void awaitCopies(int number) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(last(number, "cluster: "))
                    .as(() -> "n" + number + ":\n" + String.join("\n", lately(number)))
                    .endsWith("has copies of all our mail"));
  }

  /// The newest lines of a node's log, but for those of mail.
  private List<String> lately(int number) {
    List<String> lines =
        server(number).lines().stream()
            .filter(line -> line.contains("cluster: ") || line.contains(" ERROR "))
            .toList();
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }

  /// The last line of a node's log that has this text and says where its own copies are, or not.
  private String last(int number, String text) {
    return server(number).lines().stream()
        .filter(line -> line.contains(text))
        .filter(line -> line.contains("our mail") || line.contains("no copies at"))
        .reduce("", (_, next) -> next);
  }

  /// Starts a node that has ended, on its data and ports.
  ///
  /// @param own settings that the others do not have
  void startAgain(int number, String... own) throws IOException {
    Node old = node(number);
    var settings = new ArrayList<>(more);
    settings.addAll(List.of(own));
    nodes.put(
        number, launch(number, old.smtp(), old.submission(), old.link(), old.metrics(), settings));
  }

  /// Kills a node, and waits until another has its mail.
  void killAndAwaitTakeOver(int number) throws InterruptedException {
    String taken = "messages of n" + number + " are on the queues";
    List<Long> before = said(taken);
    server(number).kill();
    await().atMost(PATIENCE).until(() -> !said(taken).equals(before));
  }

  /// Starts a node again that has lost its disk, and was killed if it ran.
  void wipe(int number) throws IOException, InterruptedException {
    server(number).kill();
    try (Stream<Path> all = Files.walk(data(directory, number))) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
    startAgain(number);
  }

  /// How often each node has said this.
  private List<Long> said(String text) {
    return nodes.values().stream()
        .map(node -> node.server().lines().stream().filter(line -> line.contains(text)).count())
        .toList();
  }

  void signal(int number, String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(server(number).pid()))
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    nodes.values().forEach(node -> node.server().close());
    locks.close();
  }
}
