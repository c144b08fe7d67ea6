package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Mail;
import org.caravanmta.tls.server.SelfSigned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS at a listener, by STARTTLS (RFC 3207) and from the first byte on (RFC 8314 §3).
class TlsTest {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String ANN =
      Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.US_ASCII));

  @TempDir Path directory;

  @Test
  void aMessageBehindStartTlsAndALoginSaysSo() throws Exception {
    try (var server = server(Map.of("tls", "may", "auth", "may", "own", "no"));
        var peer = TlsPeer.secured(server.port)) {
      assertThat(peer.ask("MAIL FROM:<ann@example.org>")).startsWith("250");
      assertThat(peer.ask("RSET")).startsWith("250");
      peer.send("EHLO client.example\r\n");
      assertThat(peer.reply())
          .contains("250-AUTH PLAIN LOGIN")
          .noneMatch(line -> line.contains("STARTTLS"));
      assertThat(peer.ask("AUTH PLAIN " + ANN)).isEqualTo("235 2.7.0 Authentication successful");
      assertThat(peer.ask("STARTTLS")).isEqualTo("554 5.5.1 Error: TLS already active");

      Mail mail = send(server, peer);

      assertThat(mail.envelope().client().login()).contains("ann");
      assertThat(mail.envelope().client().method()).contains("PLAIN");
      assertThat(mail.envelope().client().protocol()).isEqualTo("ESMTPSA");
      assertThat(mail.envelope().client().tls()).contains("TLSv1.3 TLS_AES_256_GCM_SHA384");
      assertThat(mail.headers().first("Received").orElseThrow().value())
          .contains("(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))")
          .contains(" with ESMTPSA id ");
    }
  }

  @Test
  void onlyTheVersionsOfTheSettingsAreAgreedOn() throws Exception {
    try (var server = server(Map.of("tls", "may", "tls-protocols", ">=TLSv1.3"))) {
      try (var peer = TlsPeer.secured(server.port, "TLSv1.3")) {
        assertThat(peer.ask("NOOP")).startsWith("250");
      }
      assertThatThrownBy(() -> TlsPeer.secured(server.port, "TLSv1.2"))
          .hasStackTraceContaining("protocol_version");
    }
  }

  @Test
  void onlyTheCiphersOfTheSettingsAreAgreedOn() throws Exception {
    try (var server =
            server(
                Map.of(
                    "tls", "may",
                    "tls-protocols", "!TLSv1.3",
                    "tls-ciphers", "medium",
                    "tls-exclude-ciphers", "AES256 CHACHA20 AESGCM SHA256"));
        var peer = TlsPeer.secured(server.port, PROTOCOLS)) {
      Mail mail = send(server, peer);
      assertThat(mail.envelope().client().tls())
          .contains("TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
    }
  }

  /// Whoever sits between client and server could have put it there.
  @Test
  void whatIsSentInClearBehindStartTlsIsThrownAway() throws Exception {
    try (var server = server(Map.of("tls", "may"));
        var peer = new TlsPeer(server.port)) {
      peer.reply();
      peer.ask("EHLO client.example");
      peer.ask("MAIL FROM:<eve@example.net>");
      peer.send("STARTTLS\r\nMAIL FROM:<mallory@example.net>\r\n");
      assertThat(peer.reply()).containsExactly("220 2.0.0 Ready to start TLS");
      peer.shakeHands(Optional.empty(), List.of(), PROTOCOLS);

      assertThat(peer.ask("RCPT TO:<bob@example.org>"))
          .isEqualTo("503 5.5.1 Error: need MAIL command");
      assertThat(peer.ask("HELO client.example")).isEqualTo("250 mx.example.org");
      assertThat(peer.ask("QUIT")).isEqualTo("221 2.0.0 Bye");
      assertThat(peer.reply()).containsExactly("(closed)");
    }
  }

  /// RFC 8689 §2, §4.1.
  @Test
  void requireTlsIsOfferedWithinTlsOnlyAndStaysWithTheMessage() throws Exception {
    try (var server = server(Map.of("tls", "may"));
        var clear = new TlsPeer(server.port);
        var peer = TlsPeer.secured(server.port, PROTOCOLS)) {
      clear.reply();
      clear.send("EHLO client.example\r\n");
      assertThat(clear.reply()).doesNotContain("250-REQUIRETLS");
      assertThat(clear.ask("MAIL FROM:<alice@example.net> REQUIRETLS"))
          .isEqualTo("530 5.7.10 Error: REQUIRETLS needs STARTTLS first");
      peer.send("EHLO client.example\r\n");
      assertThat(peer.reply()).contains("250-REQUIRETLS");
      assertThat(peer.ask("MAIL FROM:<alice@example.net> REQUIRETLS=yes"))
          .isEqualTo("555 5.5.4 Unsupported option: REQUIRETLS=yes");
      assertThat(peer.ask("MAIL FROM:<alice@example.net> REQUIRETLS")).startsWith("250");
      assertThat(peer.ask("RCPT TO:<bob@example.org>")).startsWith("250");
      assertThat(peer.ask("DATA")).startsWith("354");
      assertThat(peer.ask("Subject: x\r\n\r\nHi\r\n.")).startsWith("250");
      assertThat(server.queued.remove().envelope().parameters().requireTls()).isTrue();
    }
  }

  /// A content filter that knows nothing of it gives the message back in the clear.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requireTlsOutlivesAContentFilter(boolean asked) throws Exception {
    byte[] headers;
    try (var server = server(Map.of("tls", "may"));
        var peer = TlsPeer.secured(server.port, PROTOCOLS)) {
      peer.ask("EHLO client.example");
      peer.ask("MAIL FROM:<alice@example.net>" + (asked ? " REQUIRETLS" : ""));
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("DATA");
      assertThat(peer.ask("Subject: x\r\n\r\nHi\r\n.")).startsWith("250");
      headers = server.queued.remove().headers().bytes();
    }
    for (String listener : List.of("REINJECTION", "SMTP")) {
      try (var server = server(Map.of("listener", listener));
          var filter = new TlsPeer(server.port)) {
        filter.reply();
        filter.ask("EHLO filter.example");
        assertThat(filter.ask("MAIL FROM:<alice@example.net>")).startsWith("250");
        filter.ask("RCPT TO:<bob@example.org>");
        filter.ask("DATA");
        String given =
            "Received: from localhost by filter.example\r\n"
                + new String(headers, StandardCharsets.US_ASCII);
        assertThat(filter.ask(given + "\r\nHi\r\n.")).startsWith("250");
        assertThat(server.queued.remove().envelope().parameters().requireTls())
            .isEqualTo(asked && listener.equals("REINJECTION"));
      }
    }
  }

  @Test
  void tlsFromTheFirstByteOn() throws Exception {
    try (var server = server(Map.of("tls", "implicit", "listener", "SUBMISSIONS"));
        var peer = new TlsPeer(server.port)) {
      peer.shakeHands(Optional.empty(), List.of(), PROTOCOLS);
      assertThat(peer.reply()).containsExactly("220 mx.example.org ESMTP Caravan");
      peer.ask("EHLO client.example");

      assertThat(send(server, peer).envelope().client().listener()).isEqualTo("submissions");
    }
  }

  /// A proxy may send its header and the client's first bytes in one packet.
  @Test
  void tlsFromTheFirstByteOnBehindAProxy() throws Exception {
    try (var server = server(Map.of("tls", "implicit", "proxies", "127.0.0.0/8"));
        var peer = new TlsPeer(server.port)) {
      peer.sendWithNext("PROXY TCP4 127.0.0.9 127.0.0.1 40000 465\r\n");
      peer.shakeHands(Optional.empty(), List.of(), PROTOCOLS);
      assertThat(peer.reply()).containsExactly("220 mx.example.org ESMTP Caravan");
      peer.ask("EHLO client.example");

      assertThat(send(server, peer).envelope().client().address().getHostAddress())
          .isEqualTo("127.0.0.9");
    }
  }

  @Test
  void oldProtocolsAndNoTlsAtAllEndTheConnection() throws Exception {
    try (var server = server(Map.of("tls", "may"))) {
      for (String protocol : List.of("TLSv1", "TLSv1.1")) {
        try (var peer = new TlsPeer(server.port)) {
          peer.reply();
          peer.ask("STARTTLS");
          assertThatThrownBy(() -> peer.shakeHands(Optional.empty(), List.of(), protocol))
              .isInstanceOf(IOException.class);
        }
      }
      try (var peer = new TlsPeer(server.port)) {
        peer.reply();
        peer.ask("STARTTLS");
        peer.send("MAIL FROM:<mallory@example.net>\r\n");
        var rest = new ArrayList<String>();
        // an alert, which is not a line
        rest.addAll(peer.reply());
        assertThat(rest).noneMatch(line -> line.startsWith("250"));
      }
      try (var peer = TlsPeer.secured(server.port)) {
        assertThat(peer.ask("NOOP")).startsWith("250");
      }
    }
  }

  @Test
  void theNameThatTheClientAsksForChoosesTheCertificate() throws Exception {
    var one = SelfSigned.make("one.example", directory.resolve("one"), Instant.now());
    var two = SelfSigned.make("two.example", directory.resolve("two"), Instant.now());
    try (var server = server(certificates(one, two))) {
      assertThat(shown(server, "two.example")).isEqualTo("CN=two.example");
      assertThat(shown(server, "one.example")).isEqualTo("CN=one.example");
      assertThat(shown(server, "three.example")).isEqualTo("CN=one.example");
    }
  }

  @Test
  void aRenewedCertificateIsShownAndABrokenOneIsNot() throws Exception {
    var old = SelfSigned.make("old.example", directory.resolve("old"), Instant.now());
    var renewed = SelfSigned.make("new.example", directory.resolve("new"), Instant.now());
    try (var server = server(certificates(old))) {
      assertThat(shown(server, "mx.example")).isEqualTo("CN=old.example");

      replace(renewed.key(), old.key());
      replace(renewed.certificate(), old.certificate());
      await()
          .untilAsserted(() -> assertThat(shown(server, "mx.example")).isEqualTo("CN=new.example"));

      Files.writeString(old.key(), "no key at all");
      var looked = Instant.now().plusSeconds(2);
      await()
          .until(
              () -> {
                assertThat(shown(server, "mx.example")).isEqualTo("CN=new.example");
                return Instant.now().isAfter(looked);
              });
    }
  }

  @Test
  void whatTheClientShowsIsKnownAndVerifiedByItsAuthority() throws Exception {
    var trusted = SelfSigned.make("relay.example.net", directory.resolve("ca"), Instant.now());
    var other = SelfSigned.make("o\"(ther.example", directory.resolve("other"), Instant.now());
    try (var server =
        server(Map.of("tls", "may", "client-authorities", trusted.certificate().toString()))) {
      ClientCertificate known = shows(server, trusted);
      assertThat(known.verified()).isTrue();
      assertThat(known.subject()).isEqualTo("relay.example.net");
      assertThat(known.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
      assertThat(known.keyFingerprint()).isNotEqualTo(known.fingerprint());
      assertThat(server.queued.remove().headers().first("Received").orElseThrow().value())
          .contains(
              "(Client CN \"relay.example.net\", Issuer \"relay.example.net\" (verified OK))");

      assertThat(shows(server, other).verified()).isFalse();
      assertThat(server.queued.remove().headers().first("Received").orElseThrow().value())
          .contains("(Client CN \"o??ther.example\"")
          .contains("(not verified))");
    }
  }

  private ClientCertificate shows(Server server, SelfSigned identity) throws Exception {
    try (var peer = new TlsPeer(server.port)) {
      peer.reply();
      peer.ask("STARTTLS");
      peer.shakeHands(Optional.empty(), List.of(keys(identity)), PROTOCOLS);
      peer.ask("EHLO client.example");
      peer.ask("MAIL FROM:<ann@example.net>");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("DATA");
      assertThat(peer.ask("Subject: hello\r\n\r\nhello\r\n.")).startsWith("250");
      return server.queued.element().envelope().client().certificate().orElseThrow();
    }
  }

  private static KeyManager keys(SelfSigned identity) throws Exception {
    try (var certificate = Files.newInputStream(identity.certificate());
        var parser = new PEMParser(Files.newBufferedReader(identity.key()))) {
      var shown =
          (X509Certificate)
              CertificateFactory.getInstance("X.509").generateCertificate(certificate);
      Object key = parser.readObject();
      var converter = new JcaPEMKeyConverter();
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "client",
          key instanceof PrivateKeyInfo info
              ? converter.getPrivateKey(info)
              : converter.getKeyPair((org.bouncycastle.openssl.PEMKeyPair) key).getPrivate(),
          new char[0],
          new X509Certificate[] {shown});
      var factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, new char[0]);
      return factory.getKeyManagers()[0];
    }
  }

  private static String shown(Server server, String host) throws IOException {
    try (var peer = new TlsPeer(server.port)) {
      peer.reply();
      peer.ask("STARTTLS");
      return peer.shakeHands(Optional.of(host), List.of(), PROTOCOLS).subject();
    }
  }

  private static Mail send(Server server, TlsPeer peer) throws IOException {
    peer.ask("MAIL FROM:<ann@example.org>");
    peer.ask("RCPT TO:<bob@example.org>");
    peer.ask("DATA");
    assertThat(peer.ask("Subject: hello\r\n\r\nhello\r\n.")).startsWith("250 2.0.0 Ok: queued");
    return server.queued.remove();
  }

  private static Map<String, String> certificates(SelfSigned... made) {
    return Map.of(
        "tls",
        "may",
        "certificates",
        String.join(" ", Arrays.stream(made).map(m -> m.certificate().toString()).toList()),
        "keys",
        String.join(" ", Arrays.stream(made).map(m -> m.key().toString()).toList()));
  }

  private static void replace(Path by, Path old) throws IOException {
    Files.move(by, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Server server(Map<String, String> changes) {
    return new Server(directory.resolve("content"), changes);
  }
}
