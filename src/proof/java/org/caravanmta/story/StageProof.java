package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.Ports;
import org.caravanmta.queue.BrokerProcess;

/// Each stage in turn is stopped, slowed, broken and killed under load, and goes on later: what was
/// answered 250 is delivered, and what a client hears meanwhile is a 4yz where the stage is asked
/// before the 250 and must answer.
///
/// * stopped: `caravan stage stop`, `caravan stage start`
/// * slowed: a `delay` in its route
/// * broken: its route fails for one message in five
/// * killed: it runs in a process of its own, on a separate broker, that is killed with kill -9
final class StageProof {
  static final List<String> STAGES =
      List.of(
          "dnsbl",
          "greylist",
          "rewriting",
          "checks",
          "routing",
          "delivery.smtp",
          "retry",
          "report");

  /// Those without whose answer there is no 250.
  static final Set<String> ASKED_BEFORE_250 = Set.of("rewriting", "checks");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ENOUGH = 100;

  enum Fate {
    STOPPED,
    SLOWED,
    BROKEN,
    KILLED
  }

  /// What a stage's fate came to.
  ///
  /// @param refused replies other than 250, each of which must be a 4yz
  record Result(Account account, List<String> refused) {
    boolean balances() {
      return account.balances() && refused.stream().allMatch(reply -> reply.startsWith("4"));
    }

    @Override
    public String toString() {
      return account + ", " + refused.size() + " told to come again";
    }
  }

  private StageProof() {}

  public static void main(String[] words) throws Exception {
    Proof.options(words, Map.of());
    Proof.end(
        directory -> {
          boolean balances = true;
          for (Fate fate : Fate.values()) {
            for (String stage : STAGES) {
              var result = run(Files.createTempDirectory(directory, "stage"), stage, fate);
              System.out.printf("%s %s: %s%n", stage, fate.name().toLowerCase(), result);
              balances &= result.balances();
            }
          }
          return balances;
        });
  }

  static Result run(Path directory, String stage, Fate fate) throws Exception {
    Path routes = routes(directory.resolve("routes"));
    return switch (fate) {
      case STOPPED -> stopped(directory, routes, stage);
      case SLOWED -> {
        edit(routes, stage, "- delay: { constant: \"100\" }");
        yield under(directory, routes, stage);
      }
      case BROKEN -> {
        edit(
            routes,
            stage,
            "- filter: { simple: \"${random(0,5)} == 0\", steps: [ { throwException: {"
                + " exceptionType: java.lang.IllegalStateException, message: broken } } ] }");
        yield under(directory, routes, stage);
      }
      case KILLED -> killed(directory, routes, stage);
    };
  }

  /// A copy of the routes in which a stage that does not answer is noticed soon, and every client
  /// is asked about, also our own.
  static Path routes(Path to) throws IOException {
    Path routes = Edits.copyOfRoutes(to);
    Path reception = routes.resolve("reception.camel.yaml");
    Edits.replace(reception, "requestTimeout=30s", "requestTimeout=500");
    Edits.replace(reception, "requestTimeout=10s", "requestTimeout=500");
    Edits.replace(
        reception, "${header.trusted} == false && ${body.open} == true", "${body.open} == true");
    Edits.replace(reception, "${header.own} == false", "${header.own} != null");
    return routes;
  }

  static String[] settings(Path routes, Sink sink) {
    return new String[] {
      "--routes",
      routes.toString(),
      "--set",
      "delivery.relayhost=[127.0.0.1]:" + sink.port,
      "--set",
      "queue.lanes=[1s]",
      "--set",
      "queue.fault-limit=100"
    };
  }

  private static Result stopped(Path directory, Path routes, String stage) throws Exception {
    try (var sink = Sink.start();
        var caravan = Server.start(directory.resolve("var"), settings(routes, sink))) {
      return stopped(caravan, sink, stage);
    }
  }

  /// Stops a stage of a running server under load, and starts it again.
  static Result stopped(Server caravan, Sink sink, String stage) throws Exception {
    var load = load(stage).start(caravan.smtp, 5, Integer.MAX_VALUE, "joe@elsewhere.example");
    try {
      some(load, 20);
      caravan.ask("stage", "stop", stage);
      if (ASKED_BEFORE_250.contains(stage)) {
        await().atMost(PATIENCE).until(() -> load.otherReplies.size() >= 5);
      } else {
        some(load, 5);
      }
      if (!caravan.ask("stage", "list").replaceAll(" +", " ").contains(stage + " stopped")) {
        throw new IllegalStateException(stage + " is said to run");
      }
      caravan.ask("stage", "start", stage);
      some(load, 20);
    } finally {
      load.end();
    }
    return new Result(Account.settled(load, sink, PATIENCE), List.copyOf(load.otherReplies));
  }

  private static Result under(Path directory, Path routes, String stage) throws Exception {
    var load = load(stage);
    try (var sink = Sink.start();
        var caravan = Server.start(directory.resolve("var"), settings(routes, sink))) {
      defer(sink, stage);
      load.start(caravan.smtp, 5, Integer.MAX_VALUE, "joe@elsewhere.example");
      try {
        some(load, ENOUGH);
      } finally {
        load.end();
      }
      sink.rcptReply = "250 2.1.5 Ok";
      return new Result(Account.settled(load, sink, PATIENCE), List.copyOf(load.otherReplies));
    }
  }

  /// Mail comes to `retry` only when it was deferred.
  private static void defer(Sink sink, String stage) {
    if (stage.equals("retry")) {
      sink.rcptReply = "451 4.2.1 not yet";
    }
  }

  /// The stage has a process of its own, which is killed and started again twice.
  private static Result killed(Path directory, Path routes, String stage) throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    move(routes, elsewhere, stage);
    int port = Ports.free();
    var broker = BrokerProcess.start(directory.resolve("broker"), port);
    var load = load(stage);
    try (var sink = Sink.start()) {
      String[] url = {"--set", "broker.url=tcp://127.0.0.1:" + port};
      var caravan = Server.start(directory.resolve("var"), with(settings(routes, sink), url));
      String[] alone = with(settings(elsewhere, sink), url);
      var worker = Server.start(directory.resolve("worker"), alone);
      try {
        defer(sink, stage);
        load.start(caravan.smtp, 5, Integer.MAX_VALUE, "joe@elsewhere.example");
        for (int kill = 0; kill < 2; kill++) {
          some(load, ENOUGH / 2);
          worker.kill();
          if (ASKED_BEFORE_250.contains(stage)) {
            int before = load.otherReplies.size();
            await().atMost(PATIENCE).until(() -> load.otherReplies.size() > before);
          } else {
            some(load, 5);
          }
          worker = Server.start(directory.resolve("worker"), alone);
        }
        some(load, ENOUGH / 2);
        load.end();
        sink.rcptReply = "250 2.1.5 Ok";
        return new Result(Account.settled(load, sink, PATIENCE), List.copyOf(load.otherReplies));
      } finally {
        load.end();
        worker.close();
        caravan.close();
      }
    } finally {
      broker.kill();
    }
  }

  private static Load load(String stage) {
    return new Load(stage, 2000);
  }

  private static void some(Load load, int more) {
    int enough = load.accepted.size() + more;
    await().atMost(PATIENCE).until(() -> load.accepted.size() >= enough);
  }

  /// Puts a step at the start of a stage's route.
  private static void edit(Path routes, String stage, String step) throws IOException {
    Path file = file(routes, stage);
    var lines = new ArrayList<>(Files.readAllLines(file));
    int at = lines.indexOf("    id: " + stage);
    while (!lines.get(at).equals("      steps:")) {
      at++;
    }
    lines.add(at + 1, "        " + step);
    Files.write(file, lines);
  }

  /// Takes one stage's route out of its file, into a file of its own in another directory, which
  /// gets nothing else but what becomes of a message that a stage breaks on.
  static void move(Path routes, Path to, String stage) throws IOException {
    Path file = file(routes, stage);
    var here = new ArrayList<String>();
    var there = new ArrayList<String>();
    for (String route : Files.readString(file).split("(?m)^(?=- route)")) {
      (route.contains("    id: " + stage + "\n") ? there : here).add(route);
    }
    if (here.stream().anyMatch(route -> route.startsWith("- "))) {
      Files.writeString(file, String.join("", here));
    } else {
      Files.delete(file);
    }
    Files.writeString(to.resolve("stage.camel.yaml"), String.join("", there));
    if (there.getFirst().contains("routeConfigurationId: failure")) {
      Path failure = Path.of("failure.camel.yaml");
      Files.copy(routes.resolve(failure), to.resolve(failure));
    }
  }

  private static Path file(Path routes, String stage) throws IOException {
    try (var files = Files.list(routes)) {
      for (Path file : files.toList()) {
        if (Files.readAllLines(file).contains("    id: " + stage)) {
          return file;
        }
      }
    }
    throw new IOException("no file of " + routes + " holds the route " + stage);
  }

  private static String[] with(String[] some, String[] more) {
    var all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
