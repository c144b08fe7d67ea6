package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.FastStart;
import org.caravanmta.message.MailOptions;
import org.caravanmta.submission.Draft;
import org.caravanmta.submission.Maildrop;
import org.caravanmta.submission.Posting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A program of this machine posts mail, while the server runs, while it does not, and while it is
/// killed.
@Execution(ExecutionMode.CONCURRENT)
class SendmailTest {
  private static final int MESSAGES = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void mailIsTakenWhileTheServerIsDownAndDeliveredWhenItIsBack() throws Exception {
    Path data = directory.resolve("var");
    Path rules = Files.writeString(directory.resolve("rules"), "/^Subject: spam/ REJECT no spam\n");
    String check = "checks.header=[\"regexp:" + rules + "\"]";
    Server.start(data).terminate();

    assertThat(
            sendmail(
                data,
                "From: The Job <root@caravan.test>\nTo: bob\nBcc: alice\n\nhello\n.\nnot this\n",
                "-t",
                "-f",
                "root"))
        .isEmpty();
    assertThat(sendmail(data, "Subject: spam\n\nbuy\n", "-oi", "-fbob", "alice@caravan.test"))
        .isEmpty();

    try (var caravan = Server.start(data, "--set", check)) {
      await().atMost(PATIENCE).until(() -> caravan.maildir("alice").size() == 1);
      String letter = Files.readString(caravan.maildir("alice").getFirst());
      assertThat(letter)
          .contains(
              "Received: by mx.caravan.test (Caravan, from userid ",
              "From: The Job <root@caravan.test>\n",
              "To: bob@caravan.test\n",
              "Message-Id: <",
              "\n\nhello\n")
          .doesNotContain("Bcc", "not this");
      // bob's copy, and the report on his spam
      await().atMost(PATIENCE).until(() -> caravan.maildir("bob").size() == 2);
      assertThat(letters(caravan.maildir("bob")))
          .anyMatch(report -> report.contains("550") || report.contains("no spam"))
          .anyMatch(copy -> copy.endsWith("\n\nhello\n"));
      assertThat(Files.list(data.resolve("maildrop")).map(f -> f.getFileName().toString()))
          .containsExactly("corrupt");

      // and while it runs, it is collected as it comes
      sendmail(data, "Subject: now\n\nat once\n", "alice");
      await().atMost(PATIENCE).until(() -> caravan.maildir("alice").size() == 2);
      assertThat(caravan.says("stage broke")).isFalse();
    }
  }

  @Test
  void aVerificationIsMailedToWhoAskedAndNothingElse() throws Exception {
    Path data = directory.resolve("var");
    Path transports =
        Files.writeString(directory.resolve("transports"), "gone.example error:5.7.1 gone\n");
    String gone = "routing.transport=[\"texthash:" + transports + "\"]";
    Path aliases =
        Files.writeString(
            directory.resolve("aliases"),
            "list@caravan.test alice@caravan.test, joe@far.example\n");
    String list = "rewriting.virtual-aliases=[\"texthash:" + aliases + "\"]";
    try (var caravan = Server.start(data, "--set", gone, "--set", list)) {
      assertThat(sendmail(data, "", "-bv", "-fbob", "list", "x@gone.example", "nobody"))
          .contains("Mail Delivery Status Report will be mailed to <bob>.");
      await().atMost(PATIENCE).until(() -> caravan.maildir("bob").size() == 1);
      assertThat(Files.readString(caravan.maildir("bob").getFirst()))
          .contains(
              "Subject: Mail Delivery Status Report\n",
              "<alice@caravan.test> (expanded from <list@caravan.test>): would go to",
              "<joe@far.example> (expanded from <list@caravan.test>): would go to far.example",
              "by the transport smtp",
              "<x@gone.example>: Recipient address rejected: gone",
              "<nobody@caravan.test>",
              "Action: deliverable\n",
              "Action: undeliverable\n");

      sendmail(data, "Subject: watched\n\nhello\n", "-v", "-fbob", "alice");
      await().atMost(PATIENCE).until(() -> caravan.maildir("bob").size() == 2);
      assertThat(letters(caravan.maildir("bob")))
          .anyMatch(
              report ->
                  report.contains("Subject: Successful Mail Delivery Report\n")
                      && report.contains("Action: delivered\n"));
      // of the verification nothing came
      assertThat(caravan.maildir("alice")).hasSize(1);
      assertThat(caravan.ask("queue", "list")).contains("Mail queue is empty");
    }
  }

  @Test
  void whatWasPostedSurvivesAKill() throws Exception {
    Path data = directory.resolve("var");
    Server.start(data).terminate();
    var maildrop = new Maildrop(data.resolve("maildrop"));
    for (int i = 0; i < MESSAGES; i++) {
      var posting =
          new Posting(
              "joe@caravan.test",
              "",
              List.of("ann@elsewhere.example"),
              Optional.empty(),
              MailOptions.NONE);
      try (Draft draft = maildrop.begin(posting)) {
        draft.write(("X-Seq: " + i + "\r\n\r\nhello\r\n").getBytes(UTF_8));
        maildrop.finish(List.of(draft));
      }
    }
    try (var sink = Sink.start()) {
      String relayhost = "delivery.relayhost=[127.0.0.1]:" + sink.port;
      var first = Server.start(data, "--set", relayhost);
      await().atMost(PATIENCE).until(() -> sink.messages.sum() > 10);
      first.kill();
      try (var second = Server.start(data, "--set", relayhost)) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sink.arrived).hasSize(MESSAGES));
        await()
            .atMost(PATIENCE)
            .until(() -> second.ask("queue", "list").contains("Mail queue is empty"));
      }
      long twice = sink.arrived.values().stream().filter(count -> count.get() > 1).count();
      System.out.printf("%d posted, 0 lost, %d delivered more than once%n", MESSAGES, twice);
    }
  }

  private static List<String> letters(List<Path> files) throws IOException {
    var letters = new ArrayList<String>();
    for (Path file : files) {
      letters.add(Files.readString(file));
    }
    return letters;
  }

  /// Runs the command as a program would, and returns what it printed.
  private static String sendmail(Path data, String message, String... args) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    command.addAll(FastStart.options());
    command.addAll(List.of("org.caravanmta.cli.Main", "sendmail", "--data", data.toString()));
    command.addAll(List.of(args));
    var run = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = run.getOutputStream()) {
      in.write(message.getBytes(UTF_8));
    }
    String printed = new String(run.getInputStream().readAllBytes(), UTF_8);
    assertThat(run.waitFor()).as(printed).isZero();
    return printed;
  }
}
