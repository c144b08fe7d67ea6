package org.caravanmta.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.caravanmta.policy.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
  @TempDir Path directory;

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> err = new ArrayList<>();

  private static final Map<String, ControlVerb> VERBS =
      Map.of(
          "echo",
          (args, rows) -> {
            for (String arg : args) {
              rows.add(List.of(arg));
            }
            rows.add(args);
          },
          "long",
          (_, rows) -> {
            for (int i = 0; i < 50_000; i++) {
              rows.add(List.of("message " + i));
            }
          },
          "half",
          (_, rows) -> {
            rows.add(List.of("= no line end"));
            throw new ControlProblem("then it broke");
          },
          "wrong",
          (_, _) -> {
            throw new IllegalArgumentException("\"x\" is not an id");
          },
          "bug",
          (_, _) -> {
            throw new NullPointerException("oops");
          });

  @Test
  void aVerbAnswersItsArgumentsWhateverIsInThem() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      String[] args = {
        "one",
        "",
        "=1",
        "!two\\t",
        "tab\tbed",
        "two\r\nlines",
        "|",
        "\\",
        "half \ud83d",
        "\ude00😀\u2028"
      };
      assertThat(ask("echo", args)).isZero();
      assertThat(rows.subList(0, args.length))
          .containsExactlyElementsOf(Stream.of(args).map(List::of).toList());
      assertThat(rows.getLast()).containsExactly(args);
      assertThat(err).isEmpty();
    }
  }

  @Test
  void aLongAnswerComesWhole() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      assertThat(ask("long")).isZero();
      assertThat(rows).hasSize(50_000).endsWith(List.of("message 49999"));
    }
  }

  @Test
  void failuresSayWhyAndHaveAStatus() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      assertThat(ask("half")).isEqualTo(1);
      assertThat(rows).containsExactly(List.of("= no line end"));
      assertThat(ask("wrong")).isEqualTo(2);
      assertThat(ask("bug")).isEqualTo(1);
      assertThat(ask("nonsense")).isEqualTo(2);
      assertThat(err)
          .containsExactly(
              "then it broke",
              "\"x\" is not an id",
              "bug failed: java.lang.NullPointerException: oops",
              "unknown verb \"nonsense\"; known are bug, echo, half, long, wrong");
    }
  }

  /// Nothing is wrong with a verb whose asker is gone when it is done, as at the end of the server.
  @Test
  void anAnswerThatNobodyWaitsForIsNotAFailure() throws Exception {
    var begun = new CompletableFuture<Thread>();
    var gone = new CountDownLatch(1);
    ControlVerb slow =
        (_, _) -> {
          begun.complete(Thread.currentThread());
          gone.await();
        };
    try (var log = new LogLines("org.caravanmta.control")) {
      Thread asker;
      try (var _ = new ControlServer(directory, Map.of("slow", slow))) {
        asker = Thread.ofVirtual().start(() -> assertThatThrownBy(() -> ask("slow")).isNotNull());
        begun.join();
      }
      asker.join();
      gone.countDown();
      begun.join().join();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whoeverCannotReadTheFileIsRefused() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      Path file = directory.resolve("control");
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      int port = Integer.parseInt(Files.readAllLines(file).getFirst());
      assertThat(Files.readAllLines(file).getLast()).hasSize(64);
      assertThat(raw(port, "0000\techo\tsecret\n"))
          .startsWith("!refused")
          .endsWith("=1\n")
          .doesNotContain("secret");
      assertThat(raw(port, "\n")).startsWith("!refused");
      String token = Files.readAllLines(file).getLast();
      assertThat(raw(port, token + "\t\u009b31m\u001b[2J\n")).contains("\"?31m?[2J\"");
    }
  }

  @Test
  void theOperatorIsHeardWhoeverHoldsThePort() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      int port = Integer.parseInt(Files.readAllLines(directory.resolve("control")).getFirst());
      var silent = new ArrayList<Socket>();
      for (int i = 0; i < 150; i++) {
        var connection = new Socket("127.0.0.1", port);
        connection.getOutputStream().write('0');
        silent.add(connection);
        if (i % 50 == 0) {
          assertThat(ask("echo", "still here")).isZero();
        }
      }
      assertThat(ask("echo", "still here")).isZero();
      // all but the last few have been sent away
      silent.getFirst().setSoTimeout(60_000);
      assertThat(silent.getFirst().getInputStream().readAllBytes()).isEmpty();
      for (Socket one : silent) {
        one.close();
      }
    }
    assertThat(rows).hasSize(8).containsOnly(List.of("still here"));
  }

  @Test
  void aRequestHasSoLongAndNoLongerHoweverItsBytesCome() throws Exception {
    try (var _ = new ControlServer(directory, VERBS, Duration.ofMillis(300))) {
      List<String> file = Files.readAllLines(directory.resolve("control"));
      int port = Integer.parseInt(file.getFirst());
      String request = file.getLast() + "\techo\t";
      try (var drip = new Socket("127.0.0.1", port)) {
        drip.setSoTimeout(60_000);
        OutputStream to = drip.getOutputStream();
        await()
            .pollInterval(Duration.ofMillis(20))
            .untilAsserted(
                () ->
                    assertThatThrownBy(
                            () -> {
                              for (byte one : request.getBytes(StandardCharsets.UTF_8)) {
                                to.write(one);
                                to.flush();
                              }
                            })
                        .isInstanceOf(IOException.class));
      }
      assertThat(ask("echo", "x")).isZero();
    }
  }

  @Test
  void ofStrangersNoMoreIsReadThanATokenIsLong() throws Exception {
    try (var _ = new ControlServer(directory, VERBS)) {
      String token = Files.readAllLines(directory.resolve("control")).getLast();
      int port = Integer.parseInt(Files.readAllLines(directory.resolve("control")).getFirst());
      for (String wrong :
          List.of("f".repeat(64), token.substring(1), token + "0\techo", "\0".repeat(200))) {
        assertThat(raw(port, wrong + "\techo\tsecret\n")).doesNotContain("secret", "=0");
      }
    }
  }

  @Test
  void withoutAServerTheOperatorIsToldSo() throws Exception {
    assertThatThrownBy(() -> ask("echo"))
        .isInstanceOf(ControlProblem.class)
        .hasMessage("caravan is not running on " + directory + " (no control file)");
    try (var _ = new ControlServer(directory, VERBS)) {
      Files.copy(directory.resolve("control"), directory.resolve("stale"));
    }
    assertThat(directory.resolve("control")).doesNotExist();
    Files.move(directory.resolve("stale"), directory.resolve("control"));
    assertThatThrownBy(() -> ask("echo"))
        .isInstanceOf(ControlProblem.class)
        .hasMessageStartingWith("caravan is not running on " + directory + " (its control file");
    Files.writeString(directory.resolve("control"), "nonsense");
    assertThatThrownBy(() -> ask("echo"))
        .isInstanceOf(ControlProblem.class)
        .hasMessageContaining("is not a control file");
  }

  @Test
  void anAnswerCutShortIsAFailure() throws Exception {
    var server = new ControlServer[1];
    Map<String, ControlVerb> verbs =
        Map.of(
            "die",
            (_, rows) -> {
              rows.add(List.of("half the "));
              server[0].close();
              rows.add(List.of("answer".repeat(100_000)));
            });
    server[0] = new ControlServer(directory, verbs);
    assertThatThrownBy(() -> ask("die"))
        .isInstanceOf(ControlProblem.class)
        .hasMessageStartingWith("the connection to caravan was lost");
  }

  @Property(tries = 300)
  void aLineIsReadBackAsItWasWritten(@ForAll @Size(min = 1, max = 5) List<String> fields) {
    String line = ControlLine.of(fields);
    assertThat(line).doesNotContain("\n", "\r");
    // as it travels
    String arrived = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(ControlLine.fields(arrived)).isEqualTo(fields);
  }

  private int ask(String verb, String... args) throws ControlProblem {
    return new ControlClient(directory).ask(verb, List.of(args), rows::add, err::add);
  }

  private static String raw(int port, String request) throws Exception {
    try (var connection = new Socket("127.0.0.1", port)) {
      connection.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
