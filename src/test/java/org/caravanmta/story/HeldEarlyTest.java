package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two milters, of which the first fails in the middle of the dialogue, so that its mail is set
/// aside: the second is shown the whole message all the same, and may refuse it.
@Execution(ExecutionMode.CONCURRENT)
class HeldEarlyTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(chars = {'M', 'R', 'T'})
  void theSecondSeesTheWholeMessage(char command) throws Exception {
    try (var first = new ScriptedMilter();
        var second = new ScriptedMilter();
        var caravan = start(first, second)) {
      first.answers(command, packet('!'));
      second.answers('E', packet('h', ScriptedMilter.text("X-Seen", "yes")), packet('c'));
      assertThat(send(caravan)).startsWith("250");
      assertThat(second.heardUntil("E"))
          .filteredOn(line -> "MRTLNBE".indexOf(line.charAt(0)) >= 0)
          .containsExactly(
              "M <s@far.example>",
              "R <alice@caravan.test>",
              "T",
              "L From | a@x",
              "N",
              "B 3 x\\r\\n",
              "E");
      await().until(() -> caravan.command("quarantine", "list").contains("alice@caravan.test"));
      assertThat(caravan.maildir("alice")).isEmpty();
    }
  }

  @Test
  void theSecondMayRefuseIt() throws Exception {
    try (var first = new ScriptedMilter();
        var second = new ScriptedMilter();
        var caravan = start(first, second)) {
      first.answers('M', packet('!'));
      second.answers('E', packet('y', ScriptedMilter.text("550 5.7.1 a virus")));
      assertThat(send(caravan)).startsWith("550 5.7.1 a virus");
      // the next message of all is seen by both
      second.forget();
      assertThat(send(caravan)).startsWith("250");
      await().until(() -> caravan.maildir("alice").size() == 1);
      assertThat(List.of(first.heard().contains("E"), second.heard().contains("E")))
          .containsOnly(true);
    }
  }

  private Server start(ScriptedMilter first, ScriptedMilter second) throws Exception {
    return Server.start(
        directory.resolve("var"),
        "--routes",
        FilterRoutes.in(
                directory.resolve("routes"),
                "- bean: { ref: \"milter %s default-action=quarantine\" }\n- bean: { ref: \"milter %s\" }\n"
                    .formatted(first.address(), second.address()))
            .toString());
  }

  private static String send(Server caravan) throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("s@far.example", "alice@caravan.test", "From: a@x\r\n\r\nx\r\n");
    }
  }
}
