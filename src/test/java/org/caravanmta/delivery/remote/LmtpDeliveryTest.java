package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes to a mail store by LMTP (RFC 2033).
class LmtpDeliveryTest extends ServersInReach {
  @Test
  void lmtpGoesToTheHostThatTheOperatorNamed() {
    server.lmtp();
    LmtpDelivery lmtp = lmtp(Path.of("/"));
    Mail mail = Letters.to("a@far.example");
    TaskOutcome outcome =
        lmtp.deliver(Letters.hopping(mail, "lmtp", "inet:127.0.0.1:" + server.port()));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(server.commands()).startsWith("LHLO relay.example");
    outcome = lmtp.deliver(Letters.hopping(mail, "lmtp", "inet:nowhere.example:24"));
    assertThat(reason(outcome).status().toString()).isEqualTo("4.3.5");
  }

  @Test
  void lmtpGoesToASocketInTheFileSystem(@TempDir Path home) throws Exception {
    server.lmtp();
    Path socket = Files.createDirectory(home.resolve("private")).resolve("lmtp");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.startVirtualThread(() -> passOn(listener));
      Mail mail = Letters.to("a@far.example", "b@far.example");
      for (String hop : List.of("unix:" + socket, "unix:private/lmtp")) {
        TaskOutcome outcome = lmtp(home).deliver(Letters.hopping(mail, "lmtp", hop));
        assertThat(outcome.results())
            .allMatch(result -> result.attempt() instanceof Attempt.Delivered)
            .allMatch(result -> result.relay().equals("relay.example[" + socket + "]"));
      }
      assertThat(server.received()).hasSize(2);
      assertThat(server.received().getFirst().recipients()).hasSize(2);
    }
    TaskOutcome outcome =
        lmtp(home).deliver(Letters.hopping(Letters.to("a@b"), "lmtp", "unix:gone"));
    assertThat(reason(outcome).status().toString()).isEqualTo("4.4.1");
    assertThat(reason(outcome).text()).contains("connect to relay.example[" + home + "/gone]");
    // Postfix's smtp client cannot either
    outcome = deliver("unix:" + socket, Letters.to("a@far.example"));
    assertThat(reason(outcome).text()).contains("lmtp only");
  }

  /// What comes over the socket goes to the server, and back.
  private void passOn(ServerSocketChannel listener) {
    while (listener.isOpen()) {
      try {
        SocketChannel from = listener.accept();
        SocketChannel to = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
        Thread.startVirtualThread(() -> copy(from, to));
        Thread.startVirtualThread(() -> copy(to, from));
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
    } catch (IOException e) {
      // the other way has ended
    }
  }

  private LmtpDelivery lmtp(Path home) {
    return new LmtpDelivery(
        resolver(),
        home,
        caller(),
        Tries.USUAL,
        approaches,
        destinations,
        connections,
        generic,
        nothingStored(),
        clock);
  }
}
