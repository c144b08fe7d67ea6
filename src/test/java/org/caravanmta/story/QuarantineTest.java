package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.cli.Typed;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What content filters set aside lies there until the operator has it released, deleted, or asked
/// about again.
@Execution(ExecutionMode.CONCURRENT)
class QuarantineTest {
  @TempDir Path directory;
  private ScriptedMilter first;
  private ScriptedMilter second;
  private ScriptedMilter after;
  private Path routes;
  private Server caravan;

  @BeforeEach
  void begin() throws IOException {
    first = new ScriptedMilter();
    second = new ScriptedMilter();
    after = new ScriptedMilter();
    routes =
        FilterRoutes.in(
            directory.resolve("routes"),
            "- bean: { ref: \"milter %s\" }\n- bean: { ref: \"milter %s\" }"
                .formatted(first.address(), second.address()));
    Files.writeString(
        routes.resolve("after.camel.yaml"),
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
            .formatted(first.address(), after.address()));
  }

  @AfterEach
  void end() throws IOException {
    if (caravan != null) {
      caravan.close();
    }
    first.close();
    second.close();
    after.close();
  }

  private void start(String... settings) throws IOException {
    var all = new ArrayList<>(List.of("--routes", routes.toString()));
    all.addAll(Arrays.asList(settings));
    caravan = Server.start(directory.resolve("var"), all.toArray(String[]::new));
  }

  @Test
  void whatIsReleasedGoesOnAfterTheFilterThatHasSetItAside() throws Exception {
    start();
    first.answers(
        'E', packet('h', text("X-First", "1")), packet('q', text("looks odd")), packet('c'));
    second.answers('E', packet('h', text("X-Second", "2")), packet('c'));
    assertThat(send("alice@caravan.test", "=?utf-8?q?Gr=C3=BC=C3=9Fe?= to you")).startsWith("250");
    awaitListed("Grüße to you");

    String id = id();
    assertThat(list())
        .contains("sender@elsewhere.example", "alice@caravan.test")
        .contains("milter " + first.address() + ": looks odd")
        .contains("-- 1 Kbytes in 1 message\n");
    assertThat(done("quarantine", "show", id))
        .contains(
            "why:          looks odd\n", "recipient:    <alice@caravan.test>\n", "X-First: 1");
    assertThat(done("quarantine", "list", "--json"))
        .contains("\"queue_id\": \"" + id + "\"", "\"subject\": \"Grüße to you\"");
    assertThat(refused("queue", "release", id))
        .contains("a content filter has set it aside: caravan quarantine release " + id);
    assertThat(done("queue", "hold", "ALL")).contains("ALL: 0 put on hold");
    assertThat(caravan.maildir("alice")).isEmpty();

    assertThat(done("quarantine", "release", id))
        .isEqualTo(id + ": released (quarantined, 1 recipient)\n1 released\n");
    await().until(() -> caravan.maildir("alice").size() == 1);
    assertThat(Files.readString(caravan.maildir("alice").getFirst()))
        .contains("X-First: 1\n", "X-Second: 2\n");
    assertThat(first.heard().stream().filter(line -> line.equals("E"))).hasSize(1);
    assertThat(second.heard().stream().filter(line -> line.equals("E"))).hasSize(1);
    assertThat(list()).isEqualTo("the quarantine is empty\n");
    assertThat(caravan.says(id + ": released from the quarantine by ")).isTrue();
  }

  @Test
  void releasedIntoARouteAfterTheQueueItIsNotJudgedByTheSameFilterAgain() throws Exception {
    start("--set", "routing.content-filter=filter.both:");
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    assertThat(send("alice@caravan.test", "x")).startsWith("250");
    awaitListed("looks odd");
    first.answers('E', packet('q', text("never asked")), packet('c'));
    after.answers('E', packet('h', text("X-After", "3")), packet('c'));

    done("quarantine", "release", id());
    await().until(() -> caravan.maildir("alice").size() == 1);
    assertThat(Files.readString(caravan.maildir("alice").getFirst())).contains("X-After: 3\n");
    assertThat(first.heard().stream().filter(line -> line.equals("E"))).hasSize(1);
  }

  @Test
  void whatAFilterAfterTheQueueHasSetAsideIsDeliveredWithTheEditsOfTheLaterOnes() throws Exception {
    start("--set", "routing.content-filter=filter.both:");
    first.answers('E', packet('c'));
    first.answers('E', packet('y', text("554 5.7.1 no")));
    after.answers('E', packet('h', text("X-After", "3")), packet('c'));
    assertThat(send("alice@caravan.test", "x")).startsWith("250");
    awaitListed("554 5.7.1 no");

    done("quarantine", "release", "--filter", first.address().toString());
    await().until(() -> caravan.maildir("alice").size() == 1);
    assertThat(first.heard().stream().filter(line -> line.equals("E"))).hasSize(2);
  }

  @Test
  void whatIsReleasedPassesThroughNoRestriction() throws Exception {
    start();
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    assertThat(send("bob@caravan.test", "x")).startsWith("250");
    awaitListed("looks odd");
    caravan.close();
    Path restrictions = routes.resolve("restrictions.camel.yaml");
    Files.writeString(
        restrictions,
        Files.readString(restrictions)
            .replace(
                "- bean: { ref: smtpdClientRestrictions }",
                "- bean: { ref: smtpdClientRestrictions }\n        - bean: { ref: reject }"));
    start();

    assertThat(send("bob@caravan.test", "y")).startsWith("554");
    assertThat(done("quarantine", "release", "--recipient", "bob@*")).contains("1 released");
    await().until(() -> caravan.maildir("bob").size() == 1);
  }

  @Test
  void aFilterThatIsAskedAgainDecides() throws Exception {
    start();
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    assertThat(send("alice@caravan.test", "x")).startsWith("250");
    awaitListed("looks odd");
    String id = id();

    first.answers('E', packet('q', text("still odd")), packet('c'));
    assertThat(done("quarantine", "rescan", id))
        .isEqualTo(
            id + ": stays (milter " + first.address() + ": still odd)\n0 released, 1 stay\n");
    assertThat(list()).contains("still odd").doesNotContain("looks odd");

    Typed dry = Typed.command(caravan.data, "quarantine", "rescan", "ALL", "--dry-run");
    assertThat(dry.status()).isEqualTo(2);
    assertThat(dry.err()).contains("nobody knows what a filter would say");

    first.answers('M', packet('!'));
    assertThat(refused("quarantine", "rescan", "ALL"))
        .contains("stays, no answer", "0 released, 1 stay, 1 of them without an answer\n");

    first.answers('E', packet('h', text("X-Again", "1")), packet('c'));
    assertThat(done("quarantine", "rescan", "--where", "detained>=0s"))
        .contains("1 released, 0 stay\n");
    await().until(() -> caravan.maildir("alice").size() == 1);
    assertThat(Files.readString(caravan.maildir("alice").getFirst())).contains("X-Again: 1\n");
    assertThat(list()).isEqualTo("the quarantine is empty\n");
  }

  @Test
  void aFilterThatNoRouteNamesAnyMoreIsNotAsked() throws Exception {
    start();
    first.answers('E', packet('q', text("looks odd")), packet('c'));
    assertThat(send("alice@caravan.test", "x")).startsWith("250");
    awaitListed("looks odd");
    caravan.close();
    Files.delete(routes.resolve("filters.camel.yaml"));
    Files.delete(routes.resolve("after.camel.yaml"));
    start();

    assertThat(refused("quarantine", "rescan", "ALL")).contains("no route names this filter");
    assertThat(list()).contains("looks odd");
  }

  @Test
  void whatIsDeletedIsGoneAndWhatIsNotThereIsSaid() throws Exception {
    start();
    for (int i = 0; i < 3; i++) {
      first.answers('E', packet('q', text("odd " + i)), packet('c'));
      assertThat(send("alice@caravan.test", "no. " + i)).startsWith("250");
    }
    awaitListed("in 3 messages");
    String id = done("quarantine", "list", "--subject", "no. 1").lines().toList().get(1);
    id = id.substring(0, id.indexOf(' '));

    assertThat(done("quarantine", "delete", id)).contains("1 deleted");
    assertThat(refused("quarantine", "delete", id))
        .contains(id + ": no such message in the quarantine");
    assertThat(refused("quarantine", "show", id))
        .contains(id + ": no such message in the quarantine");
    assertThat(list()).contains("no. 0", "no. 2").doesNotContain("no. 1");
    String other = id();
    assertThat(done("queue", "delete", other)).contains("1 deleted");
    assertThat(list()).contains("no. 2", "in 1 message\n").doesNotContain(other);
    assertThat(done("quarantine", "delete", "ALL")).contains("1 deleted");
    assertThat(caravan.maildir("alice")).isEmpty();
  }

  private String done(String... words) {
    Typed typed = Typed.command(caravan.data, words);
    assertThat(typed.status()).as(typed.out() + typed.err()).isZero();
    return typed.out();
  }

  private String refused(String... words) {
    Typed typed = Typed.command(caravan.data, words);
    assertThat(typed.status()).as(typed.out() + typed.err()).isEqualTo(1);
    return typed.out() + typed.err();
  }

  /// Until it is listed, and its stage has put it where it stays.
  private void awaitListed(String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                list().contains(text) && !done("queue", "count").matches("(?s).*\\bquarantine .*"));
  }

  private String list() {
    return done("quarantine", "list");
  }

  /// Of the oldest.
  private String id() {
    String line = list().lines().toList().get(1);
    return line.substring(0, line.indexOf(' '));
  }

  private String send(String to, String subject) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("sender@elsewhere.example", to, "Subject: " + subject + "\r\n\r\nhello\r\n");
    }
  }
}
