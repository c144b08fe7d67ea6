package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravanmta.cli.Typed;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.quarantine.QuarantineSettings.Told;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.state.Detour;
import org.caravanmta.state.Postgres;
import org.caravanmta.state.StateStore;
import org.caravanmta.web.WebPage;
import org.caravanmta.web.WebRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Three nodes of a cluster, each with a broker of its own, and one PostgreSQL database.
@Execution(ExecutionMode.CONCURRENT)
class QuarantineOfNodesTest {
  @TempDir Path directory;
  private Detour way;
  private final List<Ward> nodes = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    way = new Detour(0, Postgres.port());
    String url = Postgres.fresh().replace(":" + Postgres.port() + "/", ":" + way.port() + "/");
    for (String node : List.of("n1", "n2", "n3")) {
      Path data = directory.resolve(node);
      nodes.add(
          new Ward(
              data,
              Depot.at(data.resolve("broker")),
              Told.POSTMASTER,
              node,
              () -> StateStore.open(url, "postgres", "")));
    }
    for (Ward node : nodes) {
      node.sweep.tick();
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Ward node : nodes) {
      node.close();
    }
    way.close();
  }

  private Ward node(int number) {
    return nodes.get(number - 1);
  }

  private Instant now() {
    return node(1).clock.instant();
  }

  private void turn(Duration by) {
    nodes.forEach(node -> node.clock.turn(by));
  }

  private Mail mail(String id, String... recipients) {
    return Ward.detained(id, "a subject", now(), recipients);
  }

  /// A message at each.
  private void fill() throws Exception {
    node(1).put(mail("one", "kim@own.example"));
    node(2).put(mail("two", "kim@own.example"));
    node(3).put(mail("three", "kim@own.example"));
  }

  @Test
  void eachListsAllAndNamesWhoHasIt() throws Exception {
    fill();
    for (Ward node : nodes) {
      assertThat(node.listed()).containsExactlyInAnyOrder("one", "two", "three");
      assertThat(node.type("quarantine", "list", "--json", "--where", "id=two").out())
          .contains("\"node\": \"n2\"}");
    }
    assertThat(node(1).type("quarantine", "list").out())
        .startsWith("node         id                set aside")
        .contains("\nn3           three             2026-03-01T12:00:00Z");
  }

  @Test
  void eachFollowsItsOwnQueueOnly() throws Exception {
    fill();
    // not by a verb that tells the index
    node(2).admin.delete(QueueAdmin.Target.parse("two"), "");
    node(1).depot.keep("quarantined", mail("four", "lee@own.example"));
    node(1).depot.awaitDepth("quarantined", 2);
    turn(Duration.ofHours(1));
    for (Ward node : nodes) {
      node.sweep.tick();
    }
    for (Ward node : nodes) {
      assertThat(node.listed()).containsExactlyInAnyOrder("one", "three", "four");
    }
    assertThat(node(3).type("quarantine", "delete", "ALL").out())
        .isEqualTo("three: deleted (quarantined, 1 recipient)\n1 deleted\n");
    assertThat(node(1).listed()).containsExactlyInAnyOrder("one", "four");
  }

  /// Its mail is put on another node's queue first, and then its entries follow.
  @Test
  void mailThatIsTakenOverIsListedAtItsNewNode() throws Exception {
    node(2).put(mail("two", "kim@own.example"), mail("three", "kim@own.example"));
    node(1).depot.keep("quarantined", mail("two", "kim@own.example"));
    node(1).depot.awaitDepth("quarantined", 1);
    node(1).index.adopt("n2", Set.of("two"), "n1");

    assertThat(node(3).type("quarantine", "list", "--json").out())
        .containsPattern("\"two\".*\"node\": \"n1\"}")
        .containsPattern("\"three\".*\"node\": \"n2\"}");
    assertThat(node(1).type("quarantine", "release", "two").status()).isZero();
    assertThat(node(1).depot.waitingIds("routing")).containsExactly("two");
    assertThat(node(3).listed()).containsExactly("three");
  }

  @Test
  void whatANodeHadThatNeverCameBackIsForgottenWhenItsTimeIsOver() throws Exception {
    fill();
    node(3).close();
    nodes.remove(2);
    turn(Duration.ofDays(30).plusHours(1));
    node(1).sweep.tick();
    assertThat(node(2).listed()).as("it may come back").containsExactlyInAnyOrder("two", "three");
    turn(Duration.ofDays(1));
    node(1).sweep.tick();
    node(2).sweep.tick();
    assertThat(node(2).listed()).isEmpty();
  }

  @Test
  void withoutTheDatabaseTheListSaysWhatIsMissing() throws Exception {
    fill();
    way.stop();
    node(1).put(mail("four", "kim@own.example"));
    Typed typed = node(1).type("quarantine", "list", "--json");
    assertThat(typed.out()).contains("\"one\"", "\"four\"").doesNotContain("\"two\"");
    assertThat(typed.out()).contains("\"node\": \"n1\"}");
    assertThat(typed.err())
        .isEqualTo(
            "caravan: the database (state.url) cannot be asked: this is what lies at n1, and"
                + " nothing of the other nodes\n");
    assertThat(typed.status()).isEqualTo(1);
    assertThat(node(1).type("quarantine", "release", "one").status()).isZero();

    way.go();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              node(1).sweep.tick();
              assertThat(node(2).listed()).containsExactlyInAnyOrder("two", "three", "four");
            });
  }

  @Test
  void aDigestTellsOfTheMailOfAllOnce() throws Exception {
    fill();
    turn(Duration.ofDays(1));
    var together = new CyclicBarrier(3);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ticks = new ArrayList<Future<?>>();
      for (Ward node : nodes) {
        ticks.add(
            threads.submit(
                () -> {
                  together.await();
                  node.sweep.tick();
                  return true;
                }));
      }
      for (Future<?> tick : ticks) {
        tick.get();
      }
    }
    var letters = new ArrayList<Object>();
    for (Ward node : nodes) {
      letters.addAll(node.depot.waiting("routing"));
    }
    assertThat(letters).hasSize(1);
    assertThat(text((Mail) letters.getFirst())).contains("one\r\n", "two\r\n", "three\r\n");
  }

  private static String text(Mail letter) {
    return new String(
        Base64.getMimeDecoder().decode(((Content.Inline) letter.content()).bytes()),
        StandardCharsets.UTF_8);
  }

  /// People come to any of the nodes.
  @Test
  void aLinkThatIsFollowedAtOneIsCarriedOutByWhoeverHasTheMessage() throws Exception {
    fill();
    node(2).put(mail("both", "kim@own.example", "lee@own.example"));
    String release = link(DigestLink.Deed.RELEASE, "two");
    String delete = link(DigestLink.Deed.DELETE, "both");
    assertThat(follow(1, "GET", release)).contains("<h1>Release this message?</h1>");
    for (int number : List.of(1, 3, 1)) {
      assertThat(follow(number, "POST", release))
          .contains(
              "<h1>The message will be released</h1>",
              "It lies on another of our servers, which does so within a minute.");
    }
    assertThat(follow(3, "POST", delete)).contains("<h1>The message will be deleted</h1>");
    node(1).sweep.tick();
    assertThat(node(2).depot.waitingIds("routing")).isEmpty();

    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("routing")).containsExactly("two");
    assertThat(node(3).listed()).containsExactlyInAnyOrder("one", "three", "both");
    assertThat(node(3).type("quarantine", "list", "--json", "--where", "id=both").out())
        .contains("\"recipients\": [\"lee@own.example\"]");
    assertThat(follow(1, "POST", release))
        .contains("<h1>The message is no longer in the quarantine</h1>");
    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("routing")).hasSize(1);
  }

  /// Another node may have taken over its mail.
  @Test
  void aNodeWithoutItsLockNeitherTellsNorCarriesOutNorDeletes() throws Exception {
    fill();
    String release = link(DigestLink.Deed.RELEASE, "two");
    follow(1, "POST", release);
    node(2).fenced = true;
    turn(Duration.ofHours(23));

    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("routing")).isEmpty();
    WebPage page = node(2).pages().at(new WebRequest("POST", release));
    assertThat(page.status()).isEqualTo(503);
    assertThat(node(2).depot.waitingIds("routing")).isEmpty();
    node(1).sweep.tick();
    assertThat(node(1).depot.waiting("routing")).as("the digest").hasSize(1);

    node(2).fenced = false;
    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("routing")).containsExactly("two");
    node(2).put(mail("four", "kim@own.example"));
    node(2).fenced = true;
    turn(Duration.ofDays(31));
    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("quarantined")).as("too old").containsExactly("four");
    node(2).fenced = false;
    node(2).sweep.tick();
    assertThat(node(2).depot.waitingIds("quarantined")).isEmpty();
  }

  private String link(DigestLink.Deed deed, String id) throws Exception {
    var link = new DigestLink(deed, now().plusSeconds(86_400), id, "kim@own.example", "");
    return "/quarantine/" + new LinkSigner(node(3).memory()).write(link);
  }

  private String follow(int number, String method, String path) {
    WebPage page = node(number).pages().at(new WebRequest(method, path));
    assertThat(page.status()).isEqualTo(200);
    return page.text();
  }
}
