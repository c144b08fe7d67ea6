package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Patterns that take a backtracking engine forever, and texts made for them.
class HostilePatternTest {
  private static final int MEGABYTES = 9;

  @TempDir Path directory;

  /// The first pattern runs on the linear engine; the second, whose back-reference needs the other
  /// one, is stopped: the client is told to try again later, the log says why, and others are
  /// served.
  @Test
  void holdNobodyUp() throws Exception {
    try (var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "checks.body-size-limit=0",
                "--set",
                "checks.body=['pcre:{ {/^(a+)+$/ REJECT only a} {/^(b+)+\\1c$/ REJECT b} }']");
        var first = Talk.to(caravan.smtp);
        var second = Talk.to(caravan.smtp)) {
      begin(first);
      first.raw().write(lines("a".repeat(1998) + "!"));
      first.raw().flush();
      assertThat(second.send("a@far.example", "bob@caravan.test", "Subject: x\r\n\r\nx\r\n"))
          .startsWith("250 2.0.0 Ok");
      // linear, yet it may be more than a busy machine does in the time that a message has
      assertThat(first.data(new byte[0])).matches("250 2.0.0 Ok.*|451 4.3.0 checks: take too long");

      begin(first);
      first.raw().write(lines("b".repeat(1998) + "!"));
      assertThat(first.data(new byte[0])).isEqualTo("451 4.3.0 checks: Temporary lookup failure");
      assertThat(caravan.says("matching took too many steps")).isTrue();
      assertThat(second.send("a@far.example", "bob@caravan.test", "Subject: x\r\n\r\nx\r\n"))
          .startsWith("250 2.0.0 Ok");
    }
  }

  private static void begin(Talk talk) throws Exception {
    talk.say("MAIL FROM:<a@far.example>");
    talk.say("RCPT TO:<bob@caravan.test>");
    assertThat(talk.say("DATA")).startsWith("354");
  }

  private static byte[] lines(String line) {
    return (line + "\r\n").repeat(MEGABYTES * 500).getBytes(StandardCharsets.US_ASCII);
  }
}
