package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Every kind of content filter before the queue with every fault and every action that may stand
/// in for its answer, at one real server: what is declared holds, no message is lost, doubled or
/// passed unseen, and the session goes on with a filter that is well again.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("org.caravanmta.story.FaultyStep")
class FaultMatrixTest {
  private static final int AT_ONCE = 40;
  @TempDir static Path directory;
  private static final Mailbag BAG = new Mailbag();
  private static final List<FaultCell> CELLS = new ArrayList<>();
  private static String quarantine = "";
  private static String queues = "";
  private static List<String> log = List.of();

  @BeforeAll
  static void run() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(directory.resolve("programs"));
    for (String protocol : FaultCell.PROTOCOLS) {
      for (Fault fault : Fault.values()) {
        for (String action : FaultCell.ACTIONS) {
          CELLS.add(new FaultCell(protocol, fault, action, BAG, directory.resolve("programs")));
        }
      }
    }
    for (FaultCell cell : CELLS) {
      cell.begin();
    }
    try (var next =
            ReceivingServer.start(
                "127.0.0.1",
                0,
                "250 8BITMIME",
                message -> {
                  message.recipients().forEach(to -> BAG.put(to, message.text()));
                  return "250 2.0.0 Ok";
                });
        var caravan = caravan(next.port())) {
      var all = new ArrayList<>(CELLS);
      Collections.shuffle(all, new Random(12));
      try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
        for (FaultCell cell : all) {
          pool.execute(() -> cell.runAll(caravan.smtp));
        }
      }
      // what has been accepted is on its way
      await().atMost(Duration.ofSeconds(60)).until(() -> isDone(caravan));
      log = caravan.lines();
    } finally {
      for (FaultCell cell : CELLS) {
        cell.close();
      }
    }
  }

  private static boolean isDone(Server caravan) throws Exception {
    queues = caravan.ask("queue", "list");
    quarantine = caravan.ask("queue", "list", "quarantined");
    return CELLS.stream().allMatch(cell -> cell.isDone(quarantine, queues));
  }

  private static Server caravan(int next) throws IOException {
    var programs = new ArrayList<String>();
    CELLS.forEach(cell -> cell.program().ifPresent(programs::add));
    return Server.start(
        directory.resolve("var"),
        "--set",
        "domains.own=[example.com]",
        "--set",
        "recipients.own=[]",
        "--set",
        "routing.local=smtp:[127.0.0.1]:" + next,
        "--set",
        "smtp.client-name-lookup=false",
        "--set",
        "filters.connect-timeout=6s",
        "--set",
        "filters.command-timeout=6s",
        "--set",
        "filters.content-timeout=6s",
        "--set",
        "filters.programs=[" + String.join(",", programs) + "]",
        "--routes",
        routes().toString());
  }

  private static Path routes() throws IOException {
    Path routes = Files.createDirectories(directory.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(each, routes.resolve(each.getFileName()));
      }
    }
    var steps =
        new StringBuilder(
            """
            - route:
                id: filters
                from:
                  uri: direct:filters
                  steps:
                    - setHeader: { name: matrix, simple: "${body.client.address.hostAddress}" }
                    - choice:
                        when:
            """);
    for (String protocol : FaultCell.PROTOCOLS) {
      List<FaultCell> own = CELLS.stream().filter(cell -> cell.protocol.equals(protocol)).toList();
      String range = own.getFirst().client.replaceFirst("(127\\.\\d+\\.).*", "$1");
      steps.append(
          """
          - simple: "${header.matrix} starts with '%s'"
            steps:
              - choice:
                  when:
          """
              .formatted(range)
              .indent(14));
      for (FaultCell cell : own) {
        steps.append(
            """
            - simple: "${header.matrix} == '%s'"
              steps:
                - bean: { ref: "%s" }
            """
                .formatted(cell.client, cell.step())
                .indent(24));
      }
    }
    Files.writeString(routes.resolve("filters.camel.yaml"), steps);
    return routes;
  }

  @TestFactory
  Stream<DynamicTest> everyCell() {
    return CELLS.stream()
        .map(
            cell ->
                DynamicTest.dynamicTest(cell.name(), () -> cell.check(quarantine, queues, log)));
  }

  /// The matrix as the manual has it, and what each default action comes to.
  private static List<String> rowsOfThePage() {
    var rows = new ArrayList<String>();
    for (String protocol : FaultCell.PROTOCOLS) {
      var row = new StringBuilder("| `" + protocol + "` |");
      for (Fault fault : Fault.values()) {
        Stream<FaultCell> own =
            CELLS.stream().filter(cell -> cell.protocol.equals(protocol) && cell.fault == fault);
        boolean unanswered = own.noneMatch(cell -> cell.why(log).isEmpty());
        row.append(unanswered ? " no answer |" : " its answer |");
      }
      rows.add(row.toString());
    }
    for (String action : FaultCell.ACTIONS) {
      List<String> codes =
          CELLS.stream()
              .filter(cell -> cell.action.equals(action) && !cell.answers())
              .map(cell -> cell.outcome().split(" ")[0])
              .distinct()
              .toList();
      rows.add("| `" + action + "` | " + String.join(" or ", codes));
    }
    return rows;
  }

  @AfterAll
  static void thePageSaysTheSame() throws IOException {
    if (CELLS.stream().anyMatch(cell -> cell.outcome().equals("?"))) {
      return; // only some of them were asked for
    }
    String page = Files.readString(Path.of("src/site/markdown/filters.md"));
    assertThat(rowsOfThePage()).allSatisfy(row -> assertThat(page).contains(row));
  }

  /// The matrix as a table.
  @AfterAll
  static void print() throws IOException {
    var table = new StringBuilder();
    table.append("%-7s %-8s".formatted("filter", "fault"));
    FaultCell.ACTIONS.forEach(action -> table.append(" %-15s".formatted(action)));
    table.append(" the log says\n");
    for (String protocol : FaultCell.PROTOCOLS) {
      for (Fault fault : Fault.values()) {
        table.append("%-7s %-8s".formatted(protocol, fault));
        String why = "";
        for (FaultCell cell : CELLS) {
          if (cell.protocol.equals(protocol) && cell.fault == fault) {
            table.append(" %-15s".formatted(cell.outcome()));
            why = cell.why(log);
          }
        }
        table.append(' ').append(why).append('\n');
      }
    }
    System.out.print(table);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/fault-matrix.txt"), table, StandardCharsets.UTF_8);
  }
}
