package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.caravanmta.tls.server.SelfSigned;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that others wrote log in over TLS: swaks, curl, msmtp, gsasl, Python's smtplib, Postfix,
/// Exim; and OpenSSL looks at what is offered. The server takes mail from nobody who has not logged
/// in.
///
/// One table: a server is started once, and each client has its command line here.
@TestInstance(Lifecycle.PER_CLASS)
class SecureClientsTest {
  private static final String EXIM =
      """
      primary_hostname = exim.example
      spool_directory = %1$s/spool
      log_file_path = %1$s/spool/%%s
      keep_environment =
      exim_path = %3$s
      begin routers
      all:
        driver = manualroute
        transport = out
        route_list = * localhost byname
        self = send
      begin transports
      out:
        driver = smtp
        port = %2$d
        hosts_require_auth = *
        hosts_require_tls = *
        tls_verify_certificates = %1$s/cert.pem
        tls_verify_hosts = *
      begin authenticators
      plain:
        driver = plaintext
        public_name = PLAIN
        client_send = ^alice^secret
      """;

  private Path directory;
  private Server caravan;
  private int submissions;
  private String token;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    var made = SelfSigned.make("localhost", directory.resolve("tls"), Instant.now());
    Path users =
        Files.writeString(directory.resolve("users"), "alice:{PLAIN}secret\nbob:{PLAIN}terces\n");
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    Path jwks =
        Files.writeString(directory.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
    var signed =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .claim("email", "alice")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .build());
    signed.sign(new ECDSASigner(key));
    token = signed.serialize();
    submissions = Ports.free();
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "tls.certificates=[" + made.certificate() + "]",
            "--set",
            "tls.keys=[" + made.key() + "]",
            "--set",
            "sasl.passwords=" + users,
            "--set",
            "sasl.oauth.keys=" + jwks,
            "--set",
            "sasl.mechanisms=[PLAIN, LOGIN, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, OAUTHBEARER,"
                + " XOAUTH2]",
            "--set",
            "sasl.failure-delay=0s",
            "--set",
            "networks.own=[]",
            "--set",
            "submission.sender-login-maps=[\"inline:{alice@caravan.test=alice}\"]",
            "--set",
            "listeners.submission.tls=encrypt",
            "--set",
            "listeners.submissions.enabled=true",
            "--set",
            "listeners.submissions.address=127.0.0.1:" + submissions);
  }

  @AfterAll
  void stop() {
    caravan.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN"})
  void swaks(String mechanism) throws Exception {
    String printed =
        run(
            0,
            installed("swaks", "swaks"),
            "--server",
            "127.0.0.1:" + caravan.submission,
            "--tls",
            "--auth",
            mechanism,
            "--auth-user",
            "alice",
            "--auth-password",
            "secret",
            "--from",
            "alice@caravan.test",
            "--to",
            "bob@caravan.test");

    assertThat(printed)
        .contains("235 2.7.0 Authentication successful")
        .contains("AUTH PLAIN LOGIN");
    arrived("bob", "with ESMTPSA id");
    assertThat(caravan.says("sasl_method=" + mechanism + ", sasl_username=alice")).isTrue();
  }

  @Test
  void withoutTlsOrLoginOrAsSomebodyElseNothingIsTaken() throws Exception {
    String swaks = installed("swaks", "swaks");
    String server = "127.0.0.1:" + caravan.submission;
    assertThat(run(-1, swaks, "--server", server, "--to", "bob@caravan.test"))
        .contains("530 5.7.0 Must issue a STARTTLS command first");
    assertThat(run(-1, swaks, "--server", server, "--tls", "--to", "bob@caravan.test"))
        .contains("530 5.7.0 Authentication required");
    assertThat(
            run(
                -1,
                swaks,
                "--server",
                server,
                "--tls",
                "--auth-user",
                "alice",
                "--auth-password",
                "secret",
                "--from",
                "bob@caravan.test",
                "--to",
                "bob@caravan.test"))
        .contains("553 5.7.1 <bob@caravan.test>: Sender address rejected: not owned by user alice");
  }

  @ParameterizedTest
  @CsvSource({
    "plain, PLAIN, secret",
    "login, LOGIN, secret",
    "scram-sha-256, SCRAM-SHA-256, secret",
    "oauthbearer, OAUTHBEARER, ''",
    "xoauth2, XOAUTH2, ''"
  })
  void msmtp(String auth, String method, String password) throws Exception {
    Path mail = mail("msmtp " + auth);
    run(
        0,
        mail,
        installed("msmtp", "msmtp"),
        "--file=/dev/null",
        "--host=127.0.0.1",
        "--port=" + caravan.submission,
        "--tls=on",
        "--tls-certcheck=off",
        "--auth=" + auth,
        "--user=alice",
        "--passwordeval=echo " + (password.isEmpty() ? token : password),
        "--from=alice@caravan.test",
        "bob@caravan.test");

    arrived("bob", "Subject: msmtp " + auth);
    await().until(() -> caravan.says("sasl_method=" + method + ", sasl_username=alice"));
  }

  /// With `-PLUS`, the login is bound to its channel.
  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"})
  void gsasl(String mechanism) throws Exception {
    String printed =
        run(
            0,
            installed("gsasl", "gsasl"),
            "--smtp",
            "--connect=localhost:" + caravan.submission,
            "--x509-ca-file=" + directory.resolve("tls/cert.pem"),
            "--mechanism=" + mechanism,
            "--authentication-id=alice",
            "--password=secret",
            "--service=smtp",
            mechanism.endsWith("PLUS") ? "--quality=qop-auth" : "--no-cb");

    assertThat(printed).contains("235 2.7.0 Authentication successful");
  }

  @ParameterizedTest
  @CsvSource({"PLAIN, secret", "LOGIN, secret", "OAUTHBEARER, ''"})
  void curl(String mechanism, String password) throws Exception {
    run(
        0,
        installed("curl", "curl"),
        "-sS",
        "-k",
        "smtps://127.0.0.1:" + submissions,
        "--login-options",
        "AUTH=" + mechanism,
        "--user",
        password.isEmpty() ? "alice" : "alice:" + password,
        password.isEmpty() ? "--oauth2-bearer" : "--max-time",
        password.isEmpty() ? token : "30",
        "--mail-from",
        "alice@caravan.test",
        "--mail-rcpt",
        "bob@caravan.test",
        "-T",
        mail("curl " + mechanism).toString());

    arrived("bob", "Subject: curl " + mechanism);
    await().until(() -> caravan.says("sasl_method=" + mechanism + ", sasl_username=alice"));
  }

  @Test
  void pythonsSmtplib() throws Exception {
    run(
        0,
        installed("python3", "python3"),
        "-c",
        """
        import smtplib, ssl
        s = smtplib.SMTP("127.0.0.1", %d)
        c = ssl.create_default_context(cafile="%s")
        c.check_hostname = False
        s.starttls(context=c)
        s.login("alice", "secret")
        s.sendmail("alice@caravan.test", ["bob@caravan.test"], "Subject: by python\\r\\n\\r\\nhello\\r\\n")
        s.quit()
        """
            .formatted(caravan.submission, directory.resolve("tls/cert.pem")));

    arrived("bob", "Subject: by python");
  }

  @Test
  void postfixAsAClientOverVerifiedTls() throws Exception {
    installed("postfix", "postfix");
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    try (var postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            caravan.submission,
            directory.resolve("tls/cert.pem"),
            "alice:secret")) {
      run(
          0,
          installed("swaks", "swaks"),
          "--server",
          "127.0.0.1:" + postfix.port,
          "--from",
          "alice@caravan.test",
          "--to",
          "bob@caravan.test",
          "--header",
          "From: alice@caravan.test",
          "--header",
          "Subject: by Postfix");

      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(postfix.log()).contains("status=sent (250 2.0.0 Ok"));
      assertThat(postfix.log()).contains("Verified TLS connection established to localhost");
    }
    arrived("bob", "Subject: by Postfix");
  }

  /// Verifies our certificate and logs in, or sends nothing.
  @Test
  void eximAsAClientOverVerifiedTls() throws Exception {
    Path exim = Path.of("target/peers/exim/usr/sbin/exim4");
    if (!Files.isExecutable(exim) || !System.getProperty("user.name").equals("root")) {
      System.out.println("SKIPPED: Exim is not here, or not started by root; .ci/unpack-peers");
      Assumptions.abort("no Exim");
    }
    // it gives up being root, and must still get here
    Path home = Files.createTempDirectory("exim");
    try {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
      var its = home.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(
          Files.createDirectory(home.resolve("spool")), its.lookupPrincipalByName("Debian-exim"));
      Path certificate = Files.copy(directory.resolve("tls/cert.pem"), home.resolve("cert.pem"));
      Files.setPosixFilePermissions(certificate, PosixFilePermissions.fromString("rw-r--r--"));
      Path settings =
          Files.writeString(
              home.resolve("exim.conf"),
              EXIM.formatted(home, caravan.submission, exim.toAbsolutePath()));

      String printed =
          run(
              0,
              mail("by Exim"),
              exim.toString(),
              "-C",
              settings.toString(),
              "-odf",
              "-f",
              "alice@caravan.test",
              "bob@caravan.test");

      assertThat(printed + Files.readString(home.resolve("spool/main")))
          .contains("=> bob@caravan.test R=all T=out H=localhost [127.0.0.1]", "CV=yes A=plain");
    } finally {
      remove(home);
    }
    arrived("bob", "Subject: by Exim");
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_3, '', TLSv1.3",
    "-tls1_2, '', TLSv1.2",
    "-tls1_1, '', ''",
    "-tls1, '', ''",
    "-tls1_2, eNULL, ''",
    "-tls1_2, aNULL, ''",
    "-tls1_2, AES128-SHA, ''",
    "-tls1_2, ECDHE-ECDSA-AES128-SHA256, ''",
    "-tls1_2, ECDHE-ECDSA-AES128-GCM-SHA256, TLSv1.2"
  })
  void opensslSeesModernProtocolsAndCiphersOnly(String protocol, String cipher, String agreed)
      throws Exception {
    String openssl = installed("openssl", "openssl");
    Path quit = Files.writeString(directory.resolve("quit"), "QUIT\r\n");
    for (var port :
        List.of(
            List.of("127.0.0.1:" + caravan.smtp, "-starttls", "smtp"),
            List.of("127.0.0.1:" + submissions))) {
      var command = new ArrayList<>(List.of(openssl, "s_client", "-brief", protocol, "-connect"));
      command.addAll(port);
      if (!cipher.isEmpty()) {
        command.addAll(List.of("-cipher", cipher + "@SECLEVEL=0"));
      }

      String printed = run(-1, quit, command.toArray(String[]::new));

      if (agreed.isEmpty()) {
        assertThat(printed).as(String.join(" ", command)).doesNotContain("CONNECTION ESTABLISHED");
      } else {
        assertThat(printed).contains("Protocol version: " + agreed);
      }
    }
  }

  private Path mail(String subject) throws IOException {
    return Files.writeString(
        directory.resolve("mail.eml"),
        "From: alice@caravan.test\r\nSubject: " + subject + "\r\n\r\nhello\r\n");
  }

  private void arrived(String user, String text) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              var all = new StringBuilder();
              for (Path file : caravan.maildir(user)) {
                all.append(Files.readString(file));
              }
              assertThat(all.toString()).contains(text);
            });
  }
}
