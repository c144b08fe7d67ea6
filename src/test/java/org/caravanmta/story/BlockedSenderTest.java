package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravanmta.cli.Typed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A sender that the operator blocks is refused at RCPT, and only by those who block it.
@Execution(ExecutionMode.CONCURRENT)
class BlockedSenderTest {
  private static final String[] STRANGERS = {"--set", "networks.own=[192.0.2.0/24]"};

  @TempDir Path directory;

  @Test
  void aBlockedSenderIsRefusedForThoseWhoBlockItAlsoAfterARestart() throws Exception {
    try (var caravan = Server.start(directory, STRANGERS)) {
      assertThat(done(caravan, "blocked")).isEqualTo("nobody is blocked\n");
      assertThat(Files.exists(directory.resolve("state"))).as("no database is opened").isFalse();
      assertThat(rcpt(caravan, "ann@far.example", "alice@caravan.test")).startsWith("250");

      assertThat(done(caravan, "block", "ann@far.example", "--for", "alice@caravan.test"))
          .isEqualTo("ann@far.example: blocked for alice@caravan.test\n");
      assertThat(rcpt(caravan, "ann@far.example", "alice@caravan.test"))
          .isEqualTo("550 5.7.1 <alice@caravan.test>: sender <ann@far.example> is blocked");
      await()
          .until(
              () ->
                  caravan.says(
                      "RCPT from localhost[127.0.0.1]: 550 5.7.1 <alice@caravan.test>: sender"
                          + " <ann@far.example> is blocked"));
      assertThat(rcpt(caravan, "ann@far.example", "bob@caravan.test")).startsWith("250");
      assertThat(rcpt(caravan, "", "alice@caravan.test")).startsWith("250");

      assertThat(explain(caravan))
          .contains(
              "  blockedSenders\n    decides: 550 5.7.1 <alice@caravan.test>: sender"
                  + " <ann@far.example> is blocked\n");
    }
    try (var caravan = Server.start(directory, STRANGERS)) {
      assertThat(rcpt(caravan, "ann@far.example", "alice@caravan.test")).startsWith("550");
      assertThat(done(caravan, "block", "ann@far.example", "--for", "alice@caravan.test"))
          .isEqualTo("ann@far.example: blocked already for alice@caravan.test\n");
      assertThat(done(caravan, "blocked", "--json"))
          .contains("{\"sender\": \"ann@far.example\", \"recipient\": \"alice@caravan.test\", ");
      assertThat(done(caravan, "unblock", "ann@far.example", "--for", "alice@caravan.test"))
          .isEqualTo("ann@far.example: no longer blocked for alice@caravan.test\n");
      assertThat(rcpt(caravan, "ann@far.example", "alice@caravan.test")).startsWith("250");
      Typed missing = Typed.command(directory, "quarantine", "unblock", "ann@far.example");
      assertThat(missing.status()).isEqualTo(1);
      assertThat(missing.err()).contains("ann@far.example is not blocked for everybody");
      assertThat(explain(caravan)).doesNotContain("blockedSenders");
    }
  }

  @Test
  void ourOwnClientsAreNotAsked() throws Exception {
    try (var caravan = Server.start(directory)) {
      done(caravan, "block", "far.example");
      assertThat(rcpt(caravan, "ann@far.example", "alice@caravan.test")).startsWith("250");
    }
  }

  private static String done(Server caravan, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "quarantine";
    System.arraycopy(words, 0, all, 1, words.length);
    Typed typed = Typed.command(caravan.data, all);
    assertThat(typed.status()).as(typed.out() + typed.err()).isZero();
    return typed.out();
  }

  private static String explain(Server caravan) {
    Typed typed =
        Typed.command(
            caravan.data,
            "explain",
            "address",
            "alice@caravan.test",
            "--client",
            "192.168.7.9",
            "--sender",
            "ann@far.example",
            "--set",
            "networks.own=[192.0.2.0/24]");
    return typed.out() + typed.err();
  }

  private static String rcpt(Server caravan, String from, String to) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.say("MAIL FROM:<" + from + ">")).startsWith("250");
      return talk.say("RCPT TO:<" + to + ">");
    }
  }
}
