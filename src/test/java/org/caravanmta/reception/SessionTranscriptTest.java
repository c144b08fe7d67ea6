package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.event.Trouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of a session in which something was refused (postfix `notify_classes`).
class SessionTranscriptTest {
  @TempDir Path directory;

  private final List<SessionEvent.Troubled> told = new CopyOnWriteArrayList<>();

  private final List<SessionEvent.Disconnected> over = new CopyOnWriteArrayList<>();

  @Test
  void aSessionWithTroubleThatIsWantedIsToldWhole() {
    talk(
        Map.of("told", "PROTOCOL"),
        "EHLO client.example",
        "RCPT TO:<bob@example.org>",
        "AUTH PLAIN AGFubgBzZWNyZXQ=",
        "VRFY",
        "QUIT");
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().troubles()).containsExactly(Trouble.PROTOCOL);
    assertThat(told.getFirst().transcript())
        .containsSubsequence(
            "In:  EHLO client.example",
            "Out: 250-mx.example.org",
            "In:  RCPT TO:<bob@example.org>",
            "Out: 503 5.5.1 Error: need MAIL command",
            "In:  AUTH PLAIN (hidden)",
            "In:  VRFY",
            "In:  QUIT",
            "Out: 221 2.0.0 Bye")
        .noneMatch(line -> line.contains("AGFub"));
  }

  @Test
  void otherSessionsAreNot() {
    talk(Map.of("told", "RESOURCE POLICY"), "EHLO client.example", "RCPT TO:<b@c.example>", "QUIT");
    talk(Map.of(), "EHLO client.example", "RCPT TO:<b@c.example>", "QUIT");
    talk(Map.of("told", "PROTOCOL"), "EHLO client.example", "MAIL FROM:<a@c.example>", "QUIT");
    assertThat(told).isEmpty();
  }

  @Test
  void ofALongSessionTheEndIsKept() {
    var lines = new String[120];
    java.util.Arrays.fill(lines, "NOOP");
    lines[0] = "EHLO client.example";
    lines[118] = "DATA";
    lines[119] = "QUIT";
    talk(Map.of("told", "PROTOCOL", "idle-limit", "1000"), lines);
    assertThat(told.getFirst().transcript())
        .hasSize(101)
        .startsWith("(" + dropped() + " lines before)")
        .endsWith("In:  QUIT", "Out: 221 2.0.0 Bye");
  }

  private String dropped() {
    return told.getFirst().transcript().getFirst().replaceAll("\\D", "");
  }

  private void talk(Map<String, String> changes, String... commands) {
    int before = over.size();
    try (var _ =
            Events.listen(
                event -> {
                  switch (event) {
                    case SessionEvent.Troubled troubled -> told.add(troubled);
                    case SessionEvent.Disconnected disconnected -> over.add(disconnected);
                    default -> {}
                  }
                });
        var server = new Server(directory.resolve("" + over.size()), changes);
        var peer = server.connect()) {
      peer.reply();
      for (String command : commands) {
        peer.ask(command);
      }
      await().until(() -> over.size() > before);
    }
  }
}
