package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// We log in at servers, in TLS: at a Postfix that asks Dovecot, and at a Caravan that binds logins
/// to their channel and takes from each user mail of its own only.
@TestInstance(Lifecycle.PER_CLASS)
class LoginsAtServersTest {
  private static final List<String> PASSWORDS =
      List.of("pencil", "Marker-of-alice", "Marker-of-bob", "Marker-wrong");

  private LoginServers servers;
  private ReceivingPostfix postfix;
  private int submission;
  private Server relay;
  private Server caravan;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    servers = LoginServers.start(temporary);
    postfix = servers.postfix;
    Path directory = servers.directory;
    submission = Ports.free();
    relay = servers.kept(relay(directory, servers.identity));
    String atPostfix = "[127.0.0.1]:" + postfix.login;
    Path transport =
        Files.writeString(
            directory.resolve("transport"),
            "postfix.example smtp:%s\nunverified.example smtp:[127.0.0.2]:%d\n"
                .formatted(atPostfix, submission));
    Path policies =
        Files.writeString(
            directory.resolve("policies"),
            Stream.of(atPostfix, "[127.0.0.1]:" + submission)
                .map(hop -> hop + " secure match=mx.peer.test\n")
                .reduce("", String::concat));
    Path passwords =
        Files.writeString(
            directory.resolve("passwords"),
            """
            %s                 ann:pencil
            wrong@client.test  ann:Marker-wrong
            alice@caravan.test alice:Marker-of-alice
            bob@caravan.test   bob:Marker-of-bob
            127.0.0.2          alice:Marker-of-alice
            """
                .formatted(atPostfix));
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    caravan =
        servers.kept(
            Server.on(
                Ports.free(),
                Ports.free(),
                directory.resolve("var"),
                "-Dcaravan.log.level=TRACE",
                "--set",
                "domains.own=[client.test]",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + submission,
                "--set",
                "routing.transport=[texthash:" + transport + "]",
                "--set",
                "delivery.tls.policies=[texthash:" + policies + "]",
                "--set",
                "delivery.tls.authorities=[" + servers.trusted + "]",
                "--set",
                "delivery.sasl.sender-dependent=true",
                "--set",
                "delivery.sasl.passwords=[texthash:" + passwords + "]"));
  }

  private Server relay(Path directory, Identity identity) throws Exception {
    Path users =
        Files.writeString(
            directory.resolve("users"), "alice:{PLAIN}Marker-of-alice\nbob:{PLAIN}Marker-of-bob\n");
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
    return Server.start(
        directory.resolve("relay"),
        "--set",
        "hostname=relay.peer.test",
        "--set",
        "listeners.submission.address=0.0.0.0:" + submission,
        "--set",
        "tls.certificates=[" + identity.chain() + "]",
        "--set",
        "tls.keys=[" + identity.key() + "]",
        "--set",
        "sasl.passwords=" + users,
        "--set",
        "sasl.mechanisms=[PLAIN, SCRAM-SHA-256, SCRAM-SHA-256-PLUS]",
        "--set",
        "sasl.failure-delay=0s",
        "--set",
        "networks.own=[]",
        "--set",
        "submission.sender-login-maps=[\"inline:{alice@caravan.test=alice,"
            + " bob@caravan.test=bob}\"]",
        "--set",
        "listeners.submission.tls=encrypt");
  }

  @AfterAll
  void stop() throws Exception {
    try {
      noPasswordIsWrittenAnywhere();
    } finally {
      if (servers != null) {
        servers.close();
      }
    }
  }

  @Test
  void atPostfixByDovecot() throws Exception {
    send("joe@client.test", "ann@postfix.example");
    delivered("ann@postfix.example");
    assertThat(postfix.log()).contains("sasl_method=SCRAM-SHA-256, sasl_username=ann");
  }

  /// One try for all messages: the account is not locked.
  @Test
  void aWrongPasswordDefersAndIsTriedOnce() throws Exception {
    try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 5; i++) {
        String to = "ann" + i + "@postfix.example";
        all.add(
            many.submit(
                () -> {
                  send("wrong@client.test", to);
                  return to;
                }));
      }
      for (var each : all) {
        each.get();
      }
    }
    for (int i = 0; i < 5; i++) {
      String to = "to=<ann" + i + "@postfix.example>";
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> caravan.lines().stream().anyMatch(line -> line.contains(to)));
      assertThat(caravan.lines())
          .filteredOn(line -> line.contains(to) && line.contains("status="))
          .first(org.assertj.core.api.InstanceOfAssertFactories.STRING)
          .contains(
              "status=deferred",
              "SASL authentication failed; server 127.0.0.1[127.0.0.1] said: 535");
    }
    var failures = Pattern.compile("SASL \\S+ authentication failed").matcher(postfix.log());
    assertThat(failures.results()).hasSize(1);
  }

  /// The relay refuses mail of one user under the login of the other.
  @Test
  void eachMessageArrivesUnderItsOwnLogin() throws Exception {
    int messages = 12;
    try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < messages; i++) {
        String who = i % 2 == 0 ? "alice" : "bob";
        int number = i;
        all.add(
            many.submit(
                () -> {
                  send(who + "@caravan.test", "bob+" + number + "@caravan.test");
                  return who;
                }));
      }
      for (var each : all) {
        each.get();
      }
    }
    for (int i = 0; i < messages; i++) {
      delivered("bob+" + i + "@caravan.test");
    }
    assertThat(logins("alice")).isEqualTo(messages / 2);
    assertThat(logins("bob")).isEqualTo(messages / 2);
  }

  private long logins(String user) {
    return relay.lines().stream()
        .filter(line -> line.contains("sasl_method=SCRAM-SHA-256-PLUS, sasl_username=" + user))
        .count();
  }

  /// Nothing says that the server at this address is the one that is meant.
  @Test
  void aCertificateThatIsNotValidatedGetsNoPassword() throws Exception {
    send("joe@client.test", "ann@unverified.example");
    String line = line("ann@unverified.example");
    assertThat(line)
        .contains(
            "dsn=4.7.0",
            "status=deferred",
            "relay=127.0.0.2[127.0.0.2]:",
            "no login at 127.0.0.2[127.0.0.2]: the certificate of the server was not validated: it"
                + " is not for 127.0.0.2 (delivery.sasl.over: verified)");
  }

  private void noPasswordIsWrittenAnywhere() throws Exception {
    if (caravan == null) {
      return;
    }
    var all = new ArrayList<>(caravan.lines());
    all.add(caravan.ask("queue", "list"));
    all.add(caravan.ask("metrics"));
    for (String password : PASSWORDS) {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      assertThat(all)
          .noneMatch(line -> line.contains(password))
          .noneMatch(line -> line.contains(Base64.getEncoder().encodeToString(bytes)));
    }
  }

  private void send(String from, String to) throws Exception {
    run(
        0,
        installed("swaks", "swaks"),
        "--server",
        "127.0.0.1:" + caravan.smtp,
        "--from",
        from,
        "--to",
        to,
        "--header",
        "From: " + from);
  }

  private void delivered(String to) {
    assertThat(line(to)).contains("status=sent");
  }

  /// The line of the first attempt.
  private String line(String to) {
    var found = new ArrayList<String>();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                caravan.lines().stream()
                    .filter(line -> line.contains("to=<" + to + ">") && line.contains("status="))
                    .findFirst()
                    .map(found::add)
                    .orElse(false));
    return found.getFirst();
  }
}
