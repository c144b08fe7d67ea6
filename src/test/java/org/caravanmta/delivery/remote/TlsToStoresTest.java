package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Mail;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;
import org.caravanmta.tls.client.TlsSections;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail to stores by LMTP in TLS (RFC 2033, RFC 3207), over TCP and over sockets in the file
/// system.
class TlsToStoresTest extends ServersInReach {
  @TempDir static Path directory;
  private static Authority authority;
  private static Identity store;

  @BeforeAll
  static void certificates() throws IOException {
    authority = Authority.make(directory.resolve("ca"), "authority");
    store = authority.issue("store", "relay.example", "localhost");
  }

  @Test
  void aStoreThatOffersTlsGetsMailInTls() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS)) {
      String hop = "inet:127.0.0.1:" + sink.port();
      delivered(deliver(hop, false, SecurityLevel.MAY));
      delivered(deliver(hop, false, SecurityLevel.ENCRYPT));
      assertThat(reason(deliver(hop, false, SecurityLevel.VERIFY)).text())
          .isEqualTo(
              "Server certificate not verified: 127.0.0.1[127.0.0.1]: the certificate is for"
                  + " relay.example, localhost, not for 127.0.0.1");
      assertThat(sink.taken())
          .hasSize(2)
          .allSatisfy(taken -> assertThat(taken.protocol()).isEqualTo("TLSv1.3"));
    }
  }

  @Test
  void aSocketOfThisMachineGetsItInTlsWhereSettingsDemandIt() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS);
        ServerSocketChannel socket = socket(sink, "lmtp")) {
      assertThat(socket.isOpen()).isTrue();
      delivered(deliver("unix:lmtp", false, SecurityLevel.MAY));
      assertThat(sink.taken().getLast().protocol()).isEmpty();
      // a second message goes over the kept connection, whose tickets have come meanwhile
      for (int i = 0; i < 3; i++) {
        TaskOutcome outcome = deliver("unix:lmtp", false, SecurityLevel.VERIFY);
        delivered(outcome);
        assertThat(outcome.results().getFirst().uses()).isEqualTo(i + 1);
        assertThat(sink.taken().getLast().protocol()).isEqualTo("TLSv1.3");
      }
      assertThat(sink.sessions()).isEqualTo(2);
    }
  }

  @Test
  void tlsMayBeginWithTheFirstByte() throws Exception {
    try (TlsSink sink = sink(Conduct.AT_ONCE);
        ServerSocketChannel socket = socket(sink, "lmtps")) {
      assertThat(socket.isOpen()).isTrue();
      delivered(deliver("unix:lmtps", true, SecurityLevel.ENCRYPT));
      delivered(deliver("inet:127.0.0.1:" + sink.port(), true, SecurityLevel.MAY));
      assertThat(sink.taken())
          .hasSize(2)
          .allSatisfy(taken -> assertThat(taken.protocol()).isEqualTo("TLSv1.3"));
    }
  }

  @Test
  void aLargeMessageArrivesWhole() throws Exception {
    String body = "0123456789 abcdefghijklmnopqrstuvwxyz\r\n".repeat(50_000);
    Mail large = Letters.letter("Subject: large\r\n", body, "ann@far.example");
    try (TlsSink sink = sink(Conduct.OFFERS);
        ServerSocketChannel socket = socket(sink, "large")) {
      assertThat(socket.isOpen()).isTrue();
      delivered(deliver(large, "unix:large", false, SecurityLevel.ENCRYPT));
      assertThat(sink.taken().getFirst().message()).endsWith(body);
    }
  }

  private static void delivered(TaskOutcome outcome) {
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
  }

  private static TlsSink sink(Conduct conduct) throws IOException {
    return TlsSink.start("127.0.0.1", 0, conduct, store, authority);
  }

  /// A socket in the file system that leads to a server.
  private static ServerSocketChannel socket(TlsSink sink, String name) throws IOException {
    var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(directory.resolve(name)));
    Thread.startVirtualThread(() -> passOn(listener, sink.port()));
    return listener;
  }

  private static void passOn(ServerSocketChannel listener, int port) {
    while (listener.isOpen()) {
      try {
        SocketChannel from = listener.accept();
        SocketChannel to = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
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

  private TaskOutcome deliver(String hop, boolean wrapped, SecurityLevel level) {
    return deliver(Letters.to("ann@far.example"), hop, wrapped, level);
  }

  private TaskOutcome deliver(Mail mail, String hop, boolean wrapped, SecurityLevel level) {
    var settings = TlsSections.of(level, directory.resolve("ca/authority.pem")).settings();
    var delivery =
        new LmtpDelivery(
            resolver(),
            directory,
            caller().with(new TlsClient(settings, clock())),
            Tries.USUAL,
            new ServerApproaches(
                TlsPolicies.open(settings, clock()),
                level,
                wrapped,
                List.of(),
                ServerLogins.NOBODY,
                Sources.NONE,
                new Fallbacks(Duration.ofMinutes(1), clock())),
            destinations,
            connections,
            generic,
            nothingStored(),
            clock);
    return delivery.deliver(Letters.hopping(mail, "lmtp", hop));
  }

  /// The certificates are of today.
  private static InstantSource clock() {
    return InstantSource.system();
  }
}
