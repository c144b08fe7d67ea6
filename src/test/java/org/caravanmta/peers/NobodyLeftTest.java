package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.story.Server;
import org.caravanmta.story.Talk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Two milters, of which the first removes the last recipient: the second is asked all the same, by
/// a real Postfix and by Caravan, and what it says holds.
@Execution(ExecutionMode.CONCURRENT)
class NobodyLeftTest {
  private static final byte[] NOBODY = packet('-', text("<alice@caravan.test>"));

  @TempDir Path directory;
  private final List<ScriptedMilter> milters = new ArrayList<>();
  private PrivatePostfix postfix;
  private Server caravan;

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < 4; i++) {
      milters.add(new ScriptedMilter());
    }
    postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = mx.caravan.test
            mydestination = caravan.test
            local_recipient_maps =
            local_transport = discard:
            default_transport = discard:
            smtpd_milters = %s, %s
            milter_default_action = tempfail
            smtpd_peername_lookup = no
            """
                .formatted(milters.get(0).address(), milters.get(1).address()));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--routes",
            FilterRoutes.in(
                    directory.resolve("routes"),
                    "- bean: { ref: \"milter %s\" }\n- bean: { ref: \"milter %s\" }\n"
                        .formatted(milters.get(2).address(), milters.get(3).address()))
                .toString());
  }

  @AfterEach
  void stop() throws Exception {
    caravan.close();
    postfix.close();
    for (ScriptedMilter each : milters) {
      each.close();
    }
  }

  @Test
  void theSecondIsAskedAllTheSame() throws Exception {
    List<byte[][]> answers =
        List.of(
            new byte[][] {packet('c')},
            new byte[][] {packet('r')},
            new byte[][] {packet('t')},
            new byte[][] {packet('d')},
            new byte[][] {packet('+', text("<bob@caravan.test>")), packet('c')},
            new byte[][] {packet('q', text("odd")), packet('c')},
            new byte[][] {packet('!')});
    for (byte[][] answer : answers) {
      byte[] field = packet('h', text("X-First", "1"));
      for (int i : List.of(0, 2)) {
        milters.get(i).forget();
        milters.get(i).answers('E', field, NOBODY, packet('c'));
        milters.get(i + 1).forget();
        milters.get(i + 1).answers('E', answer);
      }
      assertThat(send(caravan.smtp)).isEqualTo(send(postfix.port));
      for (int i : List.of(1, 3)) {
        assertThat(milters.get(i).heardUntil("E")).contains("R <alice@caravan.test>");
      }
    }
    // nobody but whom the second has added
    await().until(() -> caravan.maildir("bob").size() == 1);
    assertThat(Files.readString(caravan.maildir("bob").getFirst(), StandardCharsets.UTF_8))
        .contains("X-First: 1\n");
    await().until(() -> caravan.ask("quarantine", "list").contains("odd"));
    assertThat(caravan.ask("quarantine", "list")).contains("alice@caravan.test");
    assertThat(caravan.maildir("alice")).isEmpty();
  }

  /// The other way round: released, it must have somewhere to go.
  @Test
  void whatIsSetAsideKeepsItsRecipients() throws Exception {
    milters.get(2).answers('E', packet('q', text("odd")), packet('c'));
    milters.get(3).answers('E', NOBODY, packet('c'));
    assertThat(send(caravan.smtp)).startsWith("250");
    await().until(() -> caravan.ask("quarantine", "list").contains("alice@caravan.test"));
  }

  private static String send(int port) throws Exception {
    try (var talk = Talk.to(port)) {
      return talk.send("s@far.example", "alice@caravan.test", "From: a@x\r\n\r\nx\r\n")
          .replaceAll("queued as .*", "queued");
    }
  }
}
