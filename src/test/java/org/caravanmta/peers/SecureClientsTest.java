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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.caravanmta.tls.SelfSigned;
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

/// Clients that others wrote log in over TLS: swaks, curl, msmtp, gsasl, Python's smtplib, Postfix;
/// and OpenSSL looks at what is offered. The server takes mail from nobody who has not logged in.
@TestInstance(Lifecycle.PER_CLASS)
class SecureClientsTest {
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

  /// gsasl binds the login to its channel.
  @Test
  void gsaslWithChannelBinding() throws Exception {
    String printed =
        run(
            0,
            installed("gsasl", "gsasl"),
            "--smtp",
            "--connect=localhost:" + caravan.submission,
            "--x509-ca-file=" + directory.resolve("tls/cert.pem"),
            "--mechanism=SCRAM-SHA-256-PLUS",
            "--authentication-id=alice",
            "--password=secret",
            "--service=smtp");

    assertThat(printed).contains("235 2.7.0 Authentication successful");
  }

  @Test
  void curl() throws Exception {
    run(
        0,
        installed("curl", "curl"),
        "-sS",
        "-k",
        "smtps://127.0.0.1:" + submissions,
        "--user",
        "alice:secret",
        "--mail-from",
        "alice@caravan.test",
        "--mail-rcpt",
        "bob@caravan.test",
        "-T",
        mail("by curl").toString());

    arrived("bob", "Subject: by curl");
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
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(postfix.log()).contains("status=sent (250 2.0.0 Ok"));
      assertThat(postfix.log()).contains("Verified TLS connection established to localhost");
    }
    arrived("bob", "Subject: by Postfix");
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
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              var all = new StringBuilder();
              for (Path file : caravan.maildir(user)) {
                all.append(Files.readString(file));
              }
              assertThat(all.toString()).contains(text);
            });
  }

  private static String installed(String program, String debianPackage) {
    for (String directory : List.of("/usr/bin", "/usr/sbin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return Path.of(directory, program).toString();
      }
    }
    System.out.printf("SKIPPED: %s is not here; apt-get install %s%n", program, debianPackage);
    Assumptions.abort(program + " is not installed (Debian package " + debianPackage + ")");
    throw new AssertionError();
  }

  private static String run(int exit, String... command) throws Exception {
    return run(exit, Path.of("/dev/null"), command);
  }

  /// @param exit the status it must end with; -1: any
  private static String run(int exit, Path input, String... command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    try {
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(printed).isTrue();
      if (exit >= 0) {
        assertThat(process.exitValue()).as(printed).isEqualTo(exit);
      }
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
