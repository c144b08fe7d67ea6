package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.story.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The servers of this package behave as their names say, seen by a client that is not ours: swaks,
/// curl.
@TestInstance(Lifecycle.PER_CLASS)
class ServersTest {
  private LoginServers servers;
  private Path directory;
  private Authority authority;
  private Identity identity;
  private Identity client;
  private PrivateDovecot dovecot;
  private ReceivingPostfix postfix;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    servers = LoginServers.start(temporary);
    directory = servers.directory;
    authority = servers.authority;
    // of the kind of key that the conduct NO_COMMON_CIPHER counts on
    identity = authority.issue("sink", LoginServers.HOST);
    client = authority.issue("client", "client.caravan.test");
    dovecot = servers.dovecot;
    postfix = servers.postfix;
  }

  @AfterAll
  void stop() throws Exception {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void aPostfixForEachWayToWantTls() throws Exception {
    assertThat(swaks(postfix.none, "--tls")).contains("Host did not advertise STARTTLS");
    assertThat(swaks(postfix.none)).contains("250 2.0.0 Ok: queued as");
    assertThat(swaks(postfix.may)).contains("250 2.0.0 Ok: queued as");
    assertThat(swaks(postfix.may, "--tls")).contains("250 2.0.0 Ok: queued as");
    assertThat(swaks(postfix.required)).contains("530 5.7.0 Must issue a STARTTLS command first");
    assertThat(swaks(postfix.required, "--tls")).contains("250 2.0.0 Ok: queued as");
    assertThat(swaks(postfix.certificates, "--tls")).doesNotContain("Ok: queued as");
    assertThat(swaks(postfix.certificates, certified("--tls"))).contains("Ok: queued as");
    assertThat(swaks(postfix.login, "--tls")).contains("554 5.7.1 <joe@peer.test>");
    assertThat(swaks(postfix.login, known("--tls"))).contains("Ok: queued as");
    assertThat(swaks(postfix.submissions, known("--tls-on-connect"))).contains("Ok: queued as");
    assertThat(postfix.log()).contains("sasl_method=PLAIN, sasl_username=ann");
  }

  @Test
  void aDovecotWithLmtp() throws Exception {
    assertThat(lmtp("127.0.0.1:" + dovecot.lmtp, "one")).contains("Saved");
    assertThat(lmtp("127.0.0.1:" + dovecot.lmtp, "two", "--tls")).contains("Saved");
    assertThat(lmtp("127.0.0.1:" + dovecot.lmtps, "three", "--tls-on-connect")).contains("Saved");
    assertThat(
            run(
                0,
                installed("swaks", "swaks"),
                "--protocol",
                "LMTP",
                "--socket",
                dovecot.socket.toString(),
                "--to",
                "four@peer.test"))
        .contains("Saved");
    for (String user : List.of("one", "two", "three", "four")) {
      assertThat(dovecot.mail(user)).hasSize(1);
    }
  }

  @Test
  void anEximWithTlsAndALogin() throws Exception {
    try (var exim =
        PrivateExim.start(
            directory.resolve("exim"), "mx.peer.test", authority.rsa("exim", "mx.peer.test"))) {
      assertThat(swaks(exim.port, "--tls")).contains("550 relay not permitted");
      assertThat(swaks(exim.port, known("--tls"))).contains("250 OK id=");
      assertThat(exim.log()).contains("P=esmtpsa X=TLS1.3:", "A=plain:ann");
    }
  }

  @Test
  void anOpensmtpdWithTlsAndALogin() throws Exception {
    try (var sink = Sink.start();
        var opensmtpd =
            PrivateOpensmtpd.start(
                directory.resolve("opensmtpd"),
                "mx.peer.test",
                authority.rsa("opensmtpd", "mx.peer.test"),
                sink.port)) {
      assertThat(swaks(opensmtpd.port, "--tls")).contains("Message accepted for delivery");
      assertThat(swaks(opensmtpd.smtps, "--tls-on-connect"))
          .contains("Message accepted for delivery");
      assertThat(swaks(opensmtpd.submission, "--tls")).contains("530 5.5.1");
      assertThat(swaks(opensmtpd.submission, known("--tls")))
          .contains("Message accepted for delivery");
      await().until(() -> sink.messages.sum() == 3);
      assertThat(opensmtpd.log()).contains("authentication user=ann result=ok");
    }
  }

  /// @param said by swaks on the way; empty: it ends with 250
  @ParameterizedTest
  @CsvSource({
    "OFFERS, --tls, ''",
    "OFFERS, --ehlo, ''",
    "AT_ONCE, --tls-on-connect, ''",
    "NO_TLS, --tls, did not advertise STARTTLS",
    "DEMANDS, --ehlo, 530 5.7.0 Must issue",
    "DEMANDS, --tls, ''",
    "WANTS_CERTIFICATE, --tls, '*** '",
    "REFUSES, --tls, 454 4.7.0",
    "REFUSES_FOR_GOOD, --tls, 554 5.7.3",
    "CLOSES_AFTER_220, --tls, Ready to start TLS",
    "CLOSES_IN_HANDSHAKE, --tls, TLS startup failed",
    "NO_COMMON_CIPHER, --tls, handshake failure",
    "OLD_VERSIONS, --tls, alert protocol version",
    "INJECTS, --tls, 250 2.0.0 injected",
    "CLOSES_AFTER_INNER_HELLO, --tls, Remote host closed connection unexpectedly",
    "CHANGES_OFFERS, --tls, ''",
    "CUTS_AT_DOT, --tls, Remote host closed connection unexpectedly",
    "NO_CLOSE_NOTIFY, --tls, Remote host closed connection unexpectedly"
  })
  void aSinkOfEachConduct(Conduct conduct, String option, String said) throws Exception {
    try (var sink = TlsSink.start("127.0.0.1", 0, conduct, identity, authority)) {
      String printed =
          option.equals("--ehlo")
              ? swaks(sink.port(), "--ehlo", "client.test")
              : swaks(sink.port(), option);
      assertThat(printed).contains(said.isEmpty() ? "250 2.0.0 Ok" : said);
      if (said.isEmpty()) {
        assertThat(sink.taken())
            .singleElement()
            .matches(taken -> taken.protocol().startsWith("TLSv1") == option.startsWith("--tls"));
      }
    }
  }

  @Test
  void aSinkThatIsSilentInTheHandshake() throws Exception {
    try (var sink =
        TlsSink.start("127.0.0.1", 0, Conduct.HANGS_IN_HANDSHAKE, identity, authority)) {
      String printed =
          run(
              124,
              "timeout",
              "2",
              installed("swaks", "swaks"),
              "--tls",
              "--server",
              "127.0.0.1:" + sink.port(),
              "--to",
              "joe@peer.test");
      assertThat(printed).contains("Ready to start TLS");
      assertThat(sink.taken()).isEmpty();
    }
  }

  @Test
  void aSinkThatWantsACertificateGetsIt() throws Exception {
    try (var sink = TlsSink.start("127.0.0.1", 0, Conduct.WANTS_CERTIFICATE, identity, authority)) {
      assertThat(swaks(sink.port(), certified("--tls"))).contains("250 2.0.0 Ok");
      assertThat(sink.taken())
          .extracting(TlsSink.Taken::certificate)
          .containsExactly("CN=client.caravan.test");
    }
  }

  @Test
  void aHostOfPolicies() throws Exception {
    int port = Ports.free();
    Identity name = authority.issue("sts", "mta-sts.peer.test");
    try (var _ =
        PolicyHost.start("127.0.0.1", port, name, authority)
            .publish("peer.test", "enforce", 3600, "mx.peer.test")) {
      assertThat(
              run(
                  installed("curl", "curl"),
                  "-sS",
                  "--cacert",
                  directory.resolve("ca/authority.pem").toString(),
                  "--resolve",
                  "mta-sts.peer.test:" + port + ":127.0.0.1",
                  "https://mta-sts.peer.test:" + port + "/.well-known/mta-sts.txt"))
          .isEqualTo("version: STSv1\r\nmode: enforce\r\nmx: mx.peer.test\r\nmax_age: 3600\r\n");
    }
  }

  private static String lmtp(String server, String user, String... options) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                installed("swaks", "swaks"),
                "--protocol",
                "LMTP",
                "--server",
                server,
                "--to",
                user + "@peer.test"));
    command.addAll(List.of(options));
    return run(0, command.toArray(String[]::new));
  }

  private String[] certified(String option) {
    return new String[] {
      option, "--tls-cert", client.chain().toString(), "--tls-key", client.key().toString()
    };
  }

  private static String[] known(String option) {
    return new String[] {
      option, "--auth", "PLAIN", "--auth-user", "ann", "--auth-password", "pencil"
    };
  }

  private static String swaks(int port, String... options) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                installed("swaks", "swaks"),
                "--server",
                "127.0.0.1:" + port,
                "--from",
                "ann@caravan.test",
                "--to",
                "joe@peer.test"));
    command.addAll(List.of(options));
    return run(-1, command.toArray(String[]::new));
  }
}
