package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The part of {@link FaultMatrixTest} after the queue: every kind of content filter with every
/// fault and everything that may be declared for it. What is declared holds, no message is lost,
/// doubled or passed unseen, and nobody gets a report who may not have sent the mail. Where the
/// filter is well again, mail that has waited is seen by it.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("org.caravanmta.story.FaultyStep")
class AfterQueueMatrixTest {
  private static final Duration LONG = Duration.ofSeconds(180);
  private static final int AT_ONCE = 40;
  @TempDir static Path directory;
  private static final Mailbag BAG = new Mailbag();
  private static final List<AfterQueueCell> CELLS = new ArrayList<>();
  private static final List<String> FAILURES = new CopyOnWriteArrayList<>();
  private static final Map<AfterQueueCell.Place, AfterQueueCell.Seen> SEEN =
      new EnumMap<>(AfterQueueCell.Place.class);

  @BeforeAll
  static void run() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path programs = Files.createDirectories(directory.resolve("programs"));
    for (String protocol : FaultyStep.PROTOCOLS) {
      for (Fault fault : Fault.values()) {
        for (AfterQueueCell.Declared declared : AfterQueueCell.Declared.values()) {
          CELLS.add(new AfterQueueCell(protocol, fault, declared, BAG, programs));
        }
      }
    }
    for (AfterQueueCell cell : CELLS) {
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
            })) {
      for (AfterQueueCell.Place place : AfterQueueCell.Place.values()) {
        run(place, next.port());
      }
    } finally {
      for (AfterQueueCell cell : CELLS) {
        cell.close();
      }
    }
  }

  private static List<AfterQueueCell> cells(AfterQueueCell.Place place) {
    return CELLS.stream().filter(cell -> cell.declared.place == place).toList();
  }

  private static void run(AfterQueueCell.Place place, int next) throws Exception {
    var cells = new ArrayList<>(cells(place));
    Collections.shuffle(cells, new Random(12));
    try (var other = new ScriptedMilter();
        var caravan = caravan(place, cells, next, other)) {
      each(cells, cell -> cell.first(caravan.smtp));
      await()
          .atMost(LONG)
          .until(
              () -> {
                List<String> log = caravan.lines();
                return cells.stream().allMatch(cell -> cell.isHit(log));
              });
      for (AfterQueueCell cell : cells) {
        cell.mend();
      }
      each(cells, cell -> cell.others(caravan.smtp));
      await()
          .atMost(LONG)
          .until(
              () -> {
                AfterQueueCell.Seen seen = seen(caravan, other);
                SEEN.put(place, seen);
                return cells.stream().allMatch(cell -> cell.isDone(seen));
              });
    }
  }

  private interface Part {
    void of(AfterQueueCell cell) throws IOException;
  }

  private static void each(List<AfterQueueCell> cells, Part part) {
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (AfterQueueCell cell : cells) {
        pool.execute(
            () -> {
              try {
                part.of(cell);
              } catch (IOException | RuntimeException | AssertionError e) {
                FAILURES.add(cell.name() + ": " + e);
              }
            });
      }
    }
  }

  private static AfterQueueCell.Seen seen(Server caravan, ScriptedMilter other) throws Exception {
    return new AfterQueueCell.Seen(
        caravan.ask("queue", "list"),
        caravan.ask("queue", "list", "quarantined"),
        caravan.ask("queue", "list", "hold"),
        caravan.lines(),
        other.heard());
  }

  private static Server caravan(
      AfterQueueCell.Place place, List<AfterQueueCell> cells, int next, ScriptedMilter other)
      throws IOException {
    var programs = new ArrayList<String>();
    cells.forEach(cell -> cell.program().ifPresent(programs::add));
    Path routes = directory.resolve("routes-" + place);
    FilterRoutes.after(routes, "filter.matrix", "settle: individual, window: 300", steps(cells));
    FilterRoutes.after(
        routes,
        "filter.other",
        "settle: individual, window: 300",
        "- bean: { ref: \"milter " + other.address() + "\" }\n");
    var settings =
        Stream.of(
                "domains.own=[example.com]",
                "recipients.own=[]",
                "networks.own=[127.0.0.0/9]",
                "routing.local=smtp:[127.0.0.1]:" + next,
                "routing.content-filter=filter.matrix:",
                "queue.lanes=[2s]",
                "smtp.client-name-lookup=false",
                "filters.connect-timeout=6s",
                "filters.command-timeout=6s",
                "filters.content-timeout=6s",
                "filters.after-queue.patience=" + place.patience,
                "filters.after-queue.failing=" + place.failing,
                "filters.after-queue.refused=" + place.refused,
                "filters.programs=[" + String.join(",", programs) + "]")
            .flatMap(setting -> Stream.of("--set", setting));
    return Server.start(
        directory.resolve("var-" + place),
        Stream.concat(settings, Stream.of("--routes", routes.toString())).toArray(String[]::new));
  }

  private static String steps(List<AfterQueueCell> cells) {
    var steps =
        new StringBuilder(
            """
            - setHeader: { name: matrix, simple: "${body.envelope.client.address.hostAddress}" }
            - choice:
                when:
            """);
    for (AfterQueueCell cell : cells) {
      steps.append(
          """
          - simple: "${header.matrix} == '%s'"
            steps:
              - bean: { ref: "%s" }
          """
              .formatted(cell.client, cell.step())
              .indent(6));
    }
    return steps.toString();
  }

  @TestFactory
  Stream<DynamicTest> everyCell() {
    return CELLS.stream()
        .map(
            cell ->
                DynamicTest.dynamicTest(
                    cell.name(),
                    () -> {
                      cell.check(SEEN.get(cell.declared.place));
                      FAILURES.stream()
                          .filter(line -> line.startsWith(cell.name() + ": "))
                          .findFirst()
                          .ifPresent(
                              line -> {
                                throw new AssertionError(line);
                              });
                    }));
  }

  /// The matrix as a table.
  @AfterAll
  static void print() throws IOException {
    var table = new StringBuilder("after the queue\n");
    table.append("%-7s %-8s".formatted("filter", "fault"));
    for (AfterQueueCell.Declared declared : AfterQueueCell.Declared.values()) {
      table.append(" %-22s".formatted(declared));
    }
    table.append('\n');
    for (String protocol : FaultyStep.PROTOCOLS) {
      for (Fault fault : Fault.values()) {
        table.append("%-7s %-8s".formatted(protocol, fault));
        for (AfterQueueCell cell : CELLS) {
          if (cell.protocol.equals(protocol) && cell.fault == fault) {
            table.append(" %-22s".formatted(cell.outcome()));
          }
        }
        table.append('\n');
      }
    }
    System.out.print(table);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/fault-matrix-after.txt"), table, StandardCharsets.UTF_8);
  }
}
