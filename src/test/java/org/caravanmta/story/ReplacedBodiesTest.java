package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Bodies that content filters make one after the other: of all that are stored, only the last is
/// kept, and none if the message is not.
@Execution(ExecutionMode.CONCURRENT)
class ReplacedBodiesTest {
  private static final String RECEIVED = "received\r\n".repeat(500);
  private static final String FIRST = "of the first\r\n".repeat(500);
  private static final String SECOND = "of the second\r\n".repeat(500);

  @TempDir Path directory;
  private ScriptedMilter first;
  private ScriptedMilter second;

  @BeforeEach
  void listen() throws IOException {
    first = new ScriptedMilter();
    second = new ScriptedMilter();
  }

  @AfterEach
  void stop() throws IOException {
    first.close();
    second.close();
  }

  @Test
  void beforeTheQueue() throws Exception {
    try (Server caravan = start(before())) {
      first.answers('E', body(FIRST), packet('c'));
      second.answers('E', body(SECOND), packet('h', text("X-Held", "no")), packet('c'));
      assertThat(send(caravan)).startsWith("250");
      await().until(() -> !caravan.maildir("alice").isEmpty());
      assertThat(Files.readString(caravan.maildir("alice").getFirst()))
          .contains("of the second")
          .doesNotContain("of the first", "received\n");
      await().until(() -> stored(caravan).isEmpty());
    }
  }

  @Test
  void whatIsHeldHasOneOfThem() throws Exception {
    try (Server caravan = start(before())) {
      first.answers('E', body(FIRST), packet('c'));
      second.answers('E', body(SECOND), packet('q', text("look at it")), packet('c'));
      assertThat(send(caravan)).startsWith("250");
      await().until(() -> caravan.ask("queue", "list").contains("alice@"));
      await().until(() -> stored(caravan).size() == 1);
      assertThat(Files.readString(stored(caravan).getFirst())).startsWith("of the second");
    }
  }

  @Test
  void beforeTheQueueAndRefused() throws Exception {
    try (Server caravan = start(before())) {
      first.answers('E', body(FIRST), packet('c'));
      second.answers('E', packet('y', text("554 5.7.1 no")));
      assertThat(send(caravan)).startsWith("554");
      await().until(() -> stored(caravan).isEmpty());
    }
  }

  @Test
  void afterTheQueue() throws Exception {
    try (Server caravan = start(after(), "--set", "routing.content-filter=filter.late:")) {
      first.answers('E', body(FIRST), packet('c'));
      second.answers('E', body(SECOND), packet('c'));
      assertThat(send(caravan)).startsWith("250");
      await().until(() -> !caravan.maildir("alice").isEmpty());
      await().until(() -> stored(caravan).isEmpty());
    }
  }

  @Test
  void afterTheQueueWhereAStepOfTheRouteHasChosenItAndDropped() throws Exception {
    Path routes =
        FilterRoutes.in(
            after(),
            """
            - filter:
                simple: ${header.trusted} == true
                steps:
                  - bean: { ref: "through filter.late" }
            """);
    try (Server caravan = start(routes)) {
      first.answers('E', body(FIRST), packet('c'));
      second.answers('E', packet('d'));
      assertThat(send(caravan)).startsWith("250");
      await().until(() -> caravan.says("milter-discard"));
      await().until(() -> stored(caravan).isEmpty());
    }
  }

  private Server start(Path routes, String... settings) throws IOException {
    return Server.start(
        directory.resolve("var"),
        Stream.concat(
                Stream.of("--set", "content.inline-limit=1KiB", "--routes", routes.toString()),
                Stream.of(settings))
            .toArray(String[]::new));
  }

  private Path before() throws IOException {
    return FilterRoutes.in(directory.resolve("routes"), steps());
  }

  private Path after() throws IOException {
    return FilterRoutes.after(
        directory.resolve("routes"), "filter.late", "settle: individual, window: 20", steps());
  }

  private String steps() {
    return """
    - bean: { ref: "milter %s" }
    - bean: { ref: "milter %s" }
    """
        .formatted(first.address(), second.address());
  }

  private static byte[] body(String text) {
    return packet('b', text.getBytes(StandardCharsets.US_ASCII));
  }

  private static List<Path> stored(Server caravan) throws IOException {
    try (Stream<Path> files = Files.walk(caravan.data.resolve("content"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static String send(Server caravan) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send(
          "sender@elsewhere.example", "alice@caravan.test", "Subject: x\r\n\r\n" + RECEIVED);
    }
  }
}
