package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Milters after the queue: a stage with a queue of its own, that is played the dialogue from the
/// envelope, whose mail waits in lanes while it gives no answer, and whose refusals are no reports.
@Execution(ExecutionMode.CONCURRENT)
class AfterQueueFilterTest {
  @TempDir Path directory;
  private ScriptedMilter first;
  private ScriptedMilter second;
  private Server caravan;

  @BeforeEach
  void start() throws IOException {
    first = new ScriptedMilter();
    second = new ScriptedMilter();
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "routing.content-filter=filter.both:",
            "--set",
            "queue.lanes=[1s]",
            "--routes",
            routes().toString());
  }

  @AfterEach
  void stop() throws IOException {
    caravan.close();
    first.close();
    second.close();
  }

  private Path routes() throws IOException {
    Path routes = Files.createDirectories(directory.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(each, routes.resolve(each.getFileName()));
      }
    }
    Files.writeString(
        routes.resolve("filters.camel.yaml"),
        """
        - route:
            id: filter.both
            routeConfigurationId: failure
            from:
              uri: artemis:filter.both
              parameters: { settle: individual, window: 20 }
              steps:
                - bean: { ref: "milter %s" }
                - bean: { ref: "milter %s" }
                - bean: { ref: filtered, method: settle }
                - to: artemis:routing
                - to: artemis:deferred.*
                - to: artemis:quarantine
                - to: artemis:hold
                - to: artemis:report
        """
            .formatted(first.address(), second.address()));
    return routes;
  }

  @Test
  void whatBothPassIsDeliveredWithTheirEdits() throws Exception {
    first.answers('E', packet('h', text("X-First", "1")), packet('c'));
    second.answers('E', packet('h', text("X-Second", "2")), packet('c'));
    assertThat(send("alice@caravan.test")).startsWith("250");
    await().until(() -> !caravan.maildir("alice").isEmpty());
    assertThat(Files.readString(caravan.maildir("alice").getFirst()))
        .contains("X-First: 1\n", "X-Second: 2\n");
    assertThat(second.heard())
        .contains("L X-First | 1", "R <alice@caravan.test>", "H client.example");
  }

  @Test
  void whatIsRefusedIsSetAsideAndReportedToNobody() throws Exception {
    first.answers('E', packet('y', text("554 5.7.1 no")));
    assertThat(send("alice@caravan.test")).startsWith("250");
    await().until(() -> caravan.ask("quarantine", "list").contains("alice@caravan.test"));
    assertThat(caravan.says("milter-reject: END-OF-MESSAGE")).isTrue();
    assertThat(caravan.maildir("alice")).isEmpty();
    assertThat(caravan.ask("queue", "list")).doesNotContain("MAILER-DAEMON");
  }

  @Test
  void whatAFilterHasPassedIsNotShownToItAgainWhenALaterOneGivesNoAnswer() throws Exception {
    first.answers('E', packet('h', text("X-First", "1")), packet('c'));
    second.answers('M', packet('!')).answers('M', packet('!'));
    assertThat(send("alice@caravan.test")).startsWith("250");
    await().until(() -> !caravan.maildir("alice").isEmpty());
    assertThat(Files.readString(caravan.maildir("alice").getFirst()))
        .containsOnlyOnce("X-First: 1");
    assertThat(first.heard().stream().filter(line -> line.equals("E"))).hasSize(1);
    assertThat(second.heard().stream().filter(line -> line.startsWith("M "))).hasSize(3);
    assertThat(caravan.says("status=deferred (a content filter gives no answer)")).isTrue();
  }

  /// Whoever comes later, and however late: nobody gets what one has set aside.
  @Test
  void whatAFilterHasSetAsideIsSetAsideWhenALaterOneGivesNoAnswerAtFirst() throws Exception {
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    second.answers('M', packet('!')).answers('M', packet('t'));
    assertThat(send("alice@caravan.test")).startsWith("250");
    await().until(() -> caravan.ask("quarantine", "list").contains("milter " + first.address()));
    assertThat(caravan.ask("quarantine", "list")).contains("looks odd");
    assertThat(second.heard().stream().filter(line -> line.startsWith("M "))).hasSize(3);
    assertThat(first.heard().stream().filter(line -> line.equals("E"))).hasSize(1);
    assertThat(caravan.maildir("alice")).isEmpty();
  }

  @Test
  void whatIsSetAsideKeepsTheRecipientsThatALaterFilterRemoves() throws Exception {
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    second.answers('E', packet('-', text("<alice@caravan.test>")), packet('c'));
    assertThat(send("alice@caravan.test")).startsWith("250");
    await().until(() -> caravan.ask("quarantine", "list").contains("alice@caravan.test"));
  }

  private String send(String to) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("sender@elsewhere.example", to, "Subject: x\r\n\r\nhello\r\n");
    }
  }
}
