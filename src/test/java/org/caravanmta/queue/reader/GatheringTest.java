package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.stored;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A stage that waits for more of what belongs together.
class GatheringTest {
  @TempDir Path directory;

  private final List<Notice> taken = Collections.synchronizedList(new ArrayList<>());

  @Test
  void whatBefellOneMessageIsTakenAsOne() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      for (int n = 0; n < 40; n++) {
        depot.keep("report", failed(letter("one"), "user%d@d%d.example".formatted(n, n)));
      }
    }
    try (var depot = taking(Depot.at(directory), "500ms").start()) {
      depot.awaitDepth("report", 0);
      assertThat(taken).hasSize(1);
      assertThat(recipients(taken.getFirst()))
          .containsExactlyElementsOf(
              IntStream.range(0, 40).mapToObj(n -> "user%d@d%d.example".formatted(n, n)).toList());
      assertThat(taken.getFirst().mail().content())
          .isInstanceOfSatisfying(
              Content.Inline.class, body -> assertThat(body.bytes()).asString().contains("Hello"));
    }
  }

  @Test
  void anotherMessageSenderOrActionIsNot() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      for (int round = 0; round < 3; round++) {
        String user = "user" + round + "@example.net";
        depot.keep("report", failed(letter("one"), user));
        depot.keep("report", failed(letter("two"), user));
        depot.keep("report", new Notice(Notice.Action.DELAYED, failed(letter("one"), user).mail()));
        depot.keep("report", letter("no-notice" + round));
      }
    }
    try (var depot = taking(Depot.at(directory), "300ms").start()) {
      depot.awaitDepth("report", 0);
      assertThat(taken)
          .extracting(notice -> notice.action() + " " + notice.mail().id())
          .containsExactly("FAILED one", "FAILED two", "DELAYED one");
      assertThat(taken)
          .allSatisfy(
              notice ->
                  assertThat(recipients(notice))
                      .containsExactly(
                          "user0@example.net", "user1@example.net", "user2@example.net"));
      // those without kin are not kept waiting for it
      assertThat(depot.waitingIds("routing")).hasSize(3 + 3);
      assertThat(depot.waitingIds("routing").subList(0, 3))
          .containsExactly("no-notice0", "no-notice1", "no-notice2");
    }
  }

  /// One report tells of all that went well, in whatever way.
  @Test
  void whatWentWellIsToldTogether() throws Exception {
    var actions = List.of(Notice.Action.RELAYED, Notice.Action.DELIVERED, Notice.Action.EXPANDED);
    try (var depot = Depot.at(directory).start()) {
      for (int n = 0; n < 6; n++) {
        var mail = failed(letter("one"), "user" + n + "@example.net").mail();
        depot.keep("report", new Notice(actions.get(n % 3), mail));
      }
    }
    try (var depot = taking(Depot.at(directory), "300ms").start()) {
      depot.awaitDepth("report", 0);
      assertThat(taken).hasSize(1);
      assertThat(taken.getFirst().parts())
          .extracting(part -> part.action() + " " + String.join(" ", recipients(part)))
          .containsExactly(
              "DELIVERED user1@example.net user4@example.net",
              "RELAYED user0@example.net user3@example.net",
              "EXPANDED user2@example.net user5@example.net");
    }
  }

  @Test
  void oneWhoFailsTwiceOverIsNamedOnce() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("report", failed(letter("one"), "bob@example.net"));
      depot.keep("report", failed(letter("one"), "bob@example.net"));
      depot.keep("report", failed(letter("one"), "carol@example.net"));
    }
    try (var depot = taking(Depot.at(directory), "300ms").start()) {
      depot.awaitDepth("report", 0);
      assertThat(taken).hasSize(1);
      assertThat(recipients(taken.getFirst()))
          .containsExactly("bob@example.net", "carol@example.net");
    }
  }

  @Test
  void theContentsOfAllAreReleased() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      for (int n = 0; n < 5; n++) {
        depot.keep("report", failed(stored("one", "ref-" + n), "user" + n + "@example.net"));
      }
    }
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:report?gather=300ms")
                        .process(e -> e.getMessage().setBody(letter("report")))
                        .to("artemis:routing"))
            .start()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(depot.released)
                      .containsExactlyInAnyOrder("ref-0", "ref-1", "ref-2", "ref-3", "ref-4"));
      assertThat(depot.waitingIds("routing")).containsExactly("report");
    }
  }

  @Test
  void whatThePropertiesAndTheBytesSayStaysTogetherOnDead() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("report", failed(stored("one", "ref-0"), "user0@example.net"));
      depot.keep("report", failed(stored("one", "ref-1"), "user1@example.net"));
      depot.put("report", new byte[] {1, 2, 3}, Map.of());
    }
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:report?gather=300ms")
                        .process(
                            e -> {
                              throw new IllegalStateException("breaks");
                            }))
            .start()) {
      depot.awaitDepth("dead", 2);
      depot.awaitDepth("report", 0);
      var notice =
          depot.browse("dead").stream()
              .filter(each -> each.bytes().length > 3)
              .map(each -> (Notice) Depot.CODECS.decode(each.bytes()))
              .findFirst()
              .orElseThrow();
      assertThat(recipients(notice)).containsExactly("user0@example.net", "user1@example.net");
      // it holds the first's, and nothing holds the other's
      await().untilAsserted(() -> assertThat(depot.released).containsExactly("ref-1"));
    }
  }

  /// The process ends while some wait and others are in the middle of the stage.
  @Test
  void nothingThatWaitedIsLostOrHeldAgainstIt() throws Exception {
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    try (var depot = Depot.at(first).start()) {
      for (int n = 0; n < 10; n++) {
        depot.keep("report", failed(letter("one"), "user" + n + "@example.net"));
      }
    }
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var depot =
        Depot.at(first)
            .route(
                to ->
                    to.from("artemis:report?gather=300ms")
                        .process(
                            e -> {
                              begun.countDown();
                              end.await();
                            }))
            .start()) {
      begun.await();
      depot.keep("report", failed(letter("two"), "later@example.net"));
      Letters.copy(first, second);
      end.countDown();
    }
    try (var depot = taking(Depot.at(second), "300ms").start()) {
      depot.awaitDepth("report", 0);
      assertThat(depot.depth("dead")).isZero();
      assertThat(taken.stream().flatMap(notice -> recipients(notice).stream()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      IntStream.range(0, 10).mapToObj(n -> "user" + n + "@example.net"),
                      Stream.of("later@example.net"))
                  .toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "artemis:report?gather=3s&settle=individual",
    "artemis:report?gather=3s&held=true",
    "artemis:report?gather=3s&consumers=2",
    "artemis:report?gather=PT-3S"
  })
  void whatCannotGatherIsRefused(String uri) throws Exception {
    try (var depot = Depot.at(directory)) {
      depot.route(to -> to.from(uri).to("artemis:routing"));
      assertThatThrownBy(depot::start).rootCause().hasMessageContaining("gather");
    }
  }

  private Depot taking(Depot depot, String patience) throws Exception {
    return depot.route(
        to ->
            to.from("artemis:report?gather=" + patience)
                .process(
                    e -> {
                      if (e.getMessage().getBody() instanceof Notice notice) {
                        taken.add(notice);
                        e.getMessage().setBody(notice.mail());
                      }
                    })
                .to("artemis:routing"));
  }

  private static Notice failed(Mail mail, String recipient) {
    return new Notice(
        Notice.Action.FAILED, mail.with(List.of(Recipient.of(Address.parse(recipient)))));
  }

  private static List<String> recipients(Notice notice) {
    return notice.mail().recipients().stream().map(r -> r.address().toString()).toList();
  }
}
