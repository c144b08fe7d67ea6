package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The content of large messages is on disk while somebody needs it, and no longer.
class ReceivedContentTest extends ServedClients {
  @Test
  void aLargeMessagePassesInLittleMemory() throws IOException {
    Server server = server(Map.of("size-limit", "100000000"));
    Peer peer = connect(server).begin("bob@example.org");
    byte[] block = new byte[1000];
    new Random(7).nextBytes(block);
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) (block[i] == '\r' || block[i] == '\n' || block[i] == '.' ? 'x' : block[i]);
    }
    block[998] = '\r';
    block[999] = '\n';
    peer.send("Subject: large\r\n\r\n");
    int blocks = 30_000;
    for (int i = 0; i < blocks; i++) {
      peer.send(block);
    }
    assertThat(peer.ask(".")).startsWith("250 ");

    Mail mail = server.queued.element();
    assertThat(mail.content()).isInstanceOf(Content.Stored.class);
    assertThat(mail.content().length()).isEqualTo(1000L * blocks);
    try (InputStream in = server.store.read((Content.Stored) mail.content())) {
      byte[] read = new byte[1000];
      for (int i = 0; i < blocks; i++) {
        in.readNBytes(read, 0, 1000);
        assertThat(read).isEqualTo(block);
      }
      assertThat(in.read()).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spam", "later", "discard", "forgotten"})
  void contentOfAMessageThatIsNotOursIsRemoved(String subject) {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: " + subject + "\r\n\r\n" + "line\r\n".repeat(100) + ".");
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fine", "hold", "bug", "nonsense"})
  void contentOfAMessageThatMayBeOursStays(String subject) throws IOException {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: " + subject + "\r\n\r\n" + "line\r\n".repeat(100) + ".");
    assertThat(files()).hasSize(1);
    assertThat(server.questions)
        .last()
        .isInstanceOfSatisfying(
            Case.Message.class,
            m -> assertThat(m.mail().content().length()).isEqualTo("line\r\n".length() * 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r"})
  void contentOfASmuggledMessageIsRemoved(String bare) {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    assertThat(peer.ask("Subject: x\r\n\r\n" + "line\r\n".repeat(100) + bare + "x\r\n."))
        .startsWith("550 5.5.2 ");
    await().untilAsserted(() -> assertThat(files()).isEmpty());
    assertThat(server.queued).isEmpty();
  }

  @Test
  void aSessionThatDiesInItsDataLeavesNothing() {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.send("Subject: x\r\n\r\n" + "line\r\n".repeat(50_000));
    await().untilAsserted(() -> assertThat(files()).isNotEmpty());
    peer.close();
    await().untilAsserted(() -> assertThat(files()).isEmpty());
    await().until(() -> server.sessions.count() == 0);
    assertThat(server.queued).isEmpty();
  }

  @Test
  void aDiskThatFailsPutsTheMessageOff() throws IOException {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    try (Stream<Path> directories = Files.list(directory.resolve("content"))) {
      for (Path each : directories.toList()) {
        Files.delete(each);
      }
    }
    assertThat(peer.ask("Subject: x\r\n\r\n" + "line\r\n".repeat(300_000) + "."))
        .isEqualTo("451 4.3.0 Error: queue file write error");
    assertThat(peer.ask("NOOP")).startsWith("250 ");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
