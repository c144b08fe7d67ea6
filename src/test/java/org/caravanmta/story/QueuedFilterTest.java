package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Content filters that are programs at the broker: the example in Python, and programs that behave
/// as none should.
@Execution(ExecutionMode.CONCURRENT)
class QueuedFilterTest {
  private static final Path PROGRAM = Path.of("routes/examples/filters/queue.py");
  private static final Path EXAMPLE = Path.of("routes/examples/filters/queue.camel.yaml");
  private static final String QUEUE = "filter.attachments";

  @TempDir Path directory;
  private int port;
  private final List<Process> programs = new ArrayList<>();

  @BeforeEach
  void port() throws IOException {
    port = Ports.free();
  }

  @AfterEach
  void stop() {
    programs.forEach(Process::destroyForcibly);
  }

  @Test
  void theExampleBeforeTheQueue() throws Exception {
    Path routes = before("60s");
    Files.copy(EXAMPLE, routes.resolve("filters.camel.yaml"), StandardCopyOption.REPLACE_EXISTING);
    try (Server caravan = start(routes)) {
      program("secret", QUEUE);
      assertThat(send(caravan, "Subject: x\r\n\r\nhello\r\n")).startsWith("250");
      await().until(() -> !caravan.maildir("alice").isEmpty());
      assertThat(Files.readString(caravan.maildir("alice").getFirst()))
          .contains("X-Attachments: 0\n");
      assertThat(send(caravan, attached("holiday.exe")))
          .isEqualTo("554 5.7.1 Programs are not taken");
      assertThat(send(caravan, attached("letter.docm"))).startsWith("250");
      await().until(() -> caravan.ask("quarantine", "list").contains("queue filter.attachments"));
      assertThat(send(caravan, "Subject: large\r\n\r\n" + "0123456789\r\n".repeat(100_000)))
          .startsWith("250");
      await().until(() -> caravan.maildir("alice").size() == 2);
    }
  }

  @Test
  void withoutAProgramTheDefaultActionHoldsAndNoQuestionIsLeft() throws Exception {
    try (Server caravan = start(before("500ms"))) {
      assertThat(send(caravan, "Subject: x\r\n\r\nhello\r\n")).startsWith("451");
      assertThat(caravan.says("no program has answered from " + QUEUE + " within 500 ms")).isTrue();
      program("secret", QUEUE);
      await()
          .until(
              () -> send(caravan, "Subject: y\r\n\r\nhello\r\n"), reply -> reply.startsWith("250"));
      await().until(() -> !caravan.maildir("alice").isEmpty());
      assertThat(Files.readString(caravan.maildir("alice").getFirst())).contains("Subject: y");
    }
  }

  @Test
  void aQuestionThatAProgramTakesAndDoesNotAnswerGoesToAnother() throws Exception {
    try (Server caravan = start(before("60s"))) {
      try (var stomp = new StompClient(port, "filters", "secret")) {
        stomp.subscribe(QUEUE);
        var sent = new Thread(() -> sent(caravan));
        sent.start();
        assertThat(stomp.receive()).startsWith("MESSAGE\n");
        program("secret", QUEUE);
      }
      await().until(() -> !caravan.maildir("alice").isEmpty());
    }
  }

  @Test
  void whatIsNoAnswerIsNone() throws Exception {
    try (Server caravan = start(before("60s"));
        var stomp = new StompClient(port, "filters", "secret")) {
      stomp.subscribe(QUEUE);
      String flood = "{}" + " ".repeat(3 << 20);
      for (String answer : List.of("nonsense", "[{\"op\": \"explode\"}]", "{\"set\": 1}", flood)) {
        var sent = new Thread(() -> sent(caravan));
        sent.start();
        stomp.answer(stomp.receive(), answer);
        sent.join();
      }
      assertThat(caravan.maildir("alice")).isEmpty();
      assertThat(caravan.lines().stream().filter(line -> line.contains(": no answer: ")))
          .hasSizeGreaterThanOrEqualTo(4);
      assertThat(caravan.lines())
          .anyMatch(line -> line.contains("no answer: an answer longer than"));
    }
  }

  @Test
  void afterTheQueueTwoProgramsShareTheWork() throws Exception {
    Path routes =
        FilterRoutes.after(
            directory.resolve("routes"),
            "filter.scan",
            "settle: individual, window: 20",
            "- bean: { ref: \"queue filter.attachments\" }\n");
    try (Server caravan = start(routes, "--set", "routing.content-filter=filter.scan:")) {
      try (var one = new StompClient(port, "filters", "secret");
          var other = new StompClient(port, "filters", "secret")) {
        one.subscribe(QUEUE);
        other.subscribe(QUEUE);
        for (int i = 0; i < 4; i++) {
          assertThat(send(caravan, "Subject: " + i + "\r\n\r\nhello\r\n")).startsWith("250");
        }
        // both have some at the same time
        String first = one.receive();
        String second = other.receive();
        one.answer(first, "");
        other.answer(second, "");
        await().until(() -> caravan.maildir("alice").size() == 2);
      }
      program("secret", QUEUE);
      await().until(() -> caravan.maildir("alice").size() == 4);
    }
  }

  @Test
  void aProgramSeesItsOwnQueueAndNothingElse() throws Exception {
    try (Server caravan = start(before("60s"))) {
      assertThat(caravan.alive()).isTrue();
      assertThat(program("wrong", QUEUE).waitFor()).isNotZero();
      for (String queue : List.of("routing", "hold", "quarantined", "filter.other", "dead")) {
        try (var stomp = new StompClient(port, "filters", "secret")) {
          assertThatThrownBy(() -> stomp.subscribe(queue)).as(queue).hasMessageContaining("ERROR");
        }
      }
      for (String queue : List.of("routing", QUEUE, "activemq.management")) {
        try (var stomp = new StompClient(port, "filters", "secret")) {
          stomp.send("SEND", "destination:" + queue + "\ndestination-type:ANYCAST\nreceipt:1", "x");
          assertThat(stomp.receive()).as(queue).startsWith("ERROR\n");
        }
      }
      assertThat(caravan.ask("queue", "list")).contains("empty");
    }
  }

  private void sent(Server caravan) {
    try {
      send(caravan, "Subject: x\r\n\r\nhello\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Server start(Path routes, String... settings) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "--set",
                "broker.stomp.address=127.0.0.1:" + port,
                "--set",
                "broker.stomp.user=filters",
                "--set",
                "broker.stomp.password=secret",
                "--set",
                "queue.lanes=[1s]",
                "--routes",
                routes.toString()));
    all.addAll(List.of(settings));
    return Server.start(directory.resolve("var"), all.toArray(String[]::new));
  }

  private Path before(String patience) throws IOException {
    return FilterRoutes.in(
        directory.resolve("routes"),
        "- bean: { ref: \"queue filter.attachments content-timeout=" + patience + "\" }\n");
  }

  private Process program(String password, String queue) throws IOException {
    Process program =
        new ProcessBuilder(
                "python3",
                PROGRAM.toAbsolutePath().toString(),
                "127.0.0.1",
                Integer.toString(port),
                "filters",
                password,
                queue)
            .inheritIO()
            .start();
    programs.add(program);
    return program;
  }

  private static String attached(String name) {
    return "Subject: x\r\nContent-Type: application/octet-stream; name=\""
        + name
        + "\"\r\n\r\nMZ\r\n";
  }

  private static String send(Server caravan, String message) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("sender@elsewhere.example", "alice@caravan.test", message);
    }
  }
}
