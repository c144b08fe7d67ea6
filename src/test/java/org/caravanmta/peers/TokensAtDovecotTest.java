package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// We log in with an access token of a token endpoint (RFC 7628, XOAUTH2) at a Postfix whose
/// Dovecot asks the one who has issued it (RFC 7662).
@TestInstance(Lifecycle.PER_CLASS)
class TokensAtDovecotTest {
  private LoginServers servers;
  private TokenServer issuer;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    Path directory = RunningProgram.directory(temporary.resolve("issuer"));
    Authority authority = Authority.make(directory, "authority");
    issuer = new TokenServer(authority.issue("issuer", "localhost"), authority, "ann");
    servers = LoginServers.start(temporary, Optional.of(issuer.introspection()));
    secret("client.secret", TokenServer.SECRET);
  }

  @AfterAll
  void stop() throws Exception {
    if (servers != null) {
      servers.close();
    }
    issuer.close();
  }

  private Path secret(String name, String text) throws Exception {
    Path file = Files.writeString(servers.directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
  void aTokenIsGoodForALoginUntilItIsRevoked(String mechanism) throws Exception {
    try (var caravan = caravan(mechanism, "ca-file=" + authority())) {
      String first = "first@" + mechanism + ".example";
      send(caravan, first);
      assertThat(line(caravan, first)).contains("status=sent");
      assertThat(servers.postfix.log())
          .contains("sasl_method=" + mechanism + ", sasl_username=ann");

      issuer.revoke();
      String second = "second@" + mechanism + ".example";
      send(caravan, second);
      assertThat(line(caravan, second))
          .contains("status=deferred", "SASL authentication failed; server 127.0.0.1[127.0.0.1]");
      noTokenIsWrittenAnywhere(caravan);
    }
  }

  /// The client's secret goes to nobody who cannot prove who it is.
  @ParameterizedTest
  @ValueSource(strings = {"the system's authorities", "another authority"})
  void anEndpointThatCannotProveItsNameGetsNoSecret(String trusted) throws Exception {
    int before = issuer.issued();
    String authorities = trusted.startsWith("another") ? "ca-file=" + servers.trusted : "";
    try (var caravan = caravan("OAUTHBEARER", authorities)) {
      String to = "joe@" + trusted.replaceAll("\\W", "-") + ".example";
      send(caravan, to);
      assertThat(line(caravan, to))
          .contains("status=deferred", "dsn=4.7.0", "no access token work", "cannot be asked");
      assertThat(caravan.lines()).noneMatch(line -> line.contains(TokenServer.SECRET));
    }
    assertThat(issuer.issued()).isEqualTo(before);
  }

  private Path authority() {
    return servers.directory.resolve("issuer/authority.pem");
  }

  private Server caravan(String mechanism, String authorities) throws Exception {
    String hop = "[127.0.0.1]:" + servers.postfix.login;
    int smtp = Ports.free();
    return Server.on(
        smtp,
        Ports.free(),
        servers.directory.resolve("var-" + smtp),
        "-Dcaravan.log.level=TRACE",
        "--set",
        "delivery.relayhost=" + hop,
        "--set",
        "delivery.connection-idle=0s",
        "--set",
        "delivery.tls.policies=['static:secure match=" + LoginServers.HOST + "']",
        "--set",
        "delivery.tls.authorities=[" + servers.trusted + "]",
        "--set",
        "delivery.sasl.mechanisms=[" + mechanism + "]",
        "--set",
        "delivery.sasl.tokens=['work endpoint=%s client=me secret-file=%s %s']"
            .formatted(issuer.endpoint(), servers.directory.resolve("client.secret"), authorities),
        "--set",
        "delivery.sasl.passwords=['texthash:%s']"
            .formatted(secret("passwords", hop + " ann:{oauth2}work\n")));
  }

  private static void send(Server caravan, String to) throws Exception {
    run(
        0,
        installed("swaks", "swaks"),
        "--server",
        "127.0.0.1:" + caravan.smtp,
        "--from",
        "joe@client.test",
        "--to",
        to);
  }

  /// The line of the first attempt.
  private static String line(Server caravan, String to) {
    return await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                caravan.lines().stream()
                    .filter(line -> line.contains("to=<" + to + ">") && line.contains("status="))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static void noTokenIsWrittenAnywhere(Server caravan) {
    List<String> lines = caravan.lines();
    String start = Base64.getEncoder().encodeToString("Marker-token".getBytes());
    assertThat(lines)
        .noneMatch(line -> line.contains("Marker-token") || line.contains(TokenServer.SECRET))
        .noneMatch(line -> line.contains(start));
  }
}
