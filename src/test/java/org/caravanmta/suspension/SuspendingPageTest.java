package org.caravanmta.suspension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caravanmta.cli.AskedQueues;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.DestinationRow;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Feedback;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.Restraint;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.message.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual's page about suspending: each of its commands prints what it says.
class SuspendingPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/suspending.md");
  private static final String PROMPT = "$ caravan queue ";
  private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-11-29T12:05:00Z"));
  private static final Duration LONG = Duration.ofMinutes(5);

  /// The mail of all that is resumed.
  private static final SuspensionVerbs.Effects DOZEN =
      new SuspensionVerbs.Effects() {
        @Override
        public void suspended(Suspension suspension) {}

        @Override
        public long resumed(Suspension suspension) {
          return 12;
        }
      };

  @TempDir Path data;
  @TempDir Path control;

  @Test
  void eachCommandPrintsWhatThePageSays() throws Exception {
    Map<String, ControlVerb> verbs =
        new HashMap<>(
            SuspensionVerbs.of(Suspensions.open(data), List.of("smtp", "local"), DOZEN, NOON));
    List<DestinationRow> rows = rows();
    verbs.put(
        VerbName.QUEUE_DESTINATIONS,
        (_, to) -> {
          for (DestinationRow row : rows) {
            to.add(row.fields());
          }
        });
    int commands = 0;
    for (var console : CONSOLE.matcher(Files.readString(PAGE)).results().toList()) {
      for (String step : console.group(1).split("(?m)^(?=\\$ )")) {
        String command = step.lines().findFirst().orElseThrow();
        assertThat(command).startsWith(PROMPT);
        try (var asked = new AskedQueues(control, verbs)) {
          int status = asked.run(words(command.substring(PROMPT.length())));
          assertThat(asAnn(asked.out()))
              .as(command)
              .isEqualTo(step.substring(command.length() + 1));
          assertThat(asked.err()).as(command).isEmpty();
          assertThat(status).as(command).isZero();
        }
        commands++;
      }
    }
    assertThat(commands).isEqualTo(8);
  }

  @Test
  void thePageNamesEachKindOfRestraint() throws Exception {
    String page = Files.readString(PAGE);
    Stream.of(Restraint.class.getPermittedSubclasses())
        .map(kind -> kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-"))
        .forEach(kind -> assertThat(page).containsIgnoringCase("`" + kind + "`"));
  }

  /// As the scheduler has them: the first with a full window and one that waits, the second dead,
  /// the last with a place left.
  private static List<DestinationRow> rows() {
    var destinations =
        new Destinations(
            new Limits(
                20,
                LONG,
                Duration.ZERO,
                Duration.ZERO,
                new WindowSettings(2, Feedback.WHOLE, Feedback.WHOLE, 1)),
            new Load(100, 100, LONG),
            NOON);
    IntStream.range(0, 2)
        .mapToObj(_ -> turn(destinations, "dead.example"))
        .toList()
        .forEach(
            turn -> {
              turn.failed(
                  Reason.of(
                      "4.4.1", "connect to mx.dead.example[192.0.2.4]:25: Connection refused"));
              turn.close();
            });
    turn(destinations, "quick.example");
    turn(destinations, "slow.example");
    turn(destinations, "slow.example");
    CompletableFuture.runAsync(
        () -> destinations.await("slow.example"), Thread::startVirtualThread);
    await().until(() -> destinations.states("smtp").stream().anyMatch(it -> it.waiting() == 1));
    var rows = new ArrayList<DestinationRow>();
    for (DestinationState state : destinations.states("smtp")) {
      rows.add(
          DestinationRow.of(state, state.nextHop().equals("slow.example") ? 412 : 0, List.of()));
    }
    rows.add(
        DestinationRow.untouched(
            "*",
            "[192.0.2.7]:25",
            0,
            List.of(new Restraint.ByOperator("ann", "the store is being moved"))));
    rows.sort(DestinationRow.MOST_HELD_FIRST);
    return rows;
  }

  private static Admission.Turn turn(Destinations destinations, String nextHop) {
    return (Admission.Turn) destinations.await(nextHop);
  }

  /// What was printed, had it been ann.
  private static String asAnn(String printed) {
    String us = System.getProperty("user.name");
    return printed
        .replaceAll("(?m)(Z )" + Pattern.quote(us) + " *(?=\\S)", "$1" + "ann          ")
        .replaceAll("(?m)(Z )" + Pattern.quote(us) + "$", "$1ann")
        .replace("\"author\": \"" + us + "\"", "\"author\": \"ann\"");
  }

  private static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }
}
