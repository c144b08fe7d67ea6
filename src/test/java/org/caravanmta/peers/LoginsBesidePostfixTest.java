package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Postfix and we send the same mail to a server that wants a login, each with the same tables of
/// passwords: both log in as the same user for each message.
@TestInstance(Lifecycle.PER_CLASS)
class LoginsBesidePostfixTest {
  /// By their senders, the messages.
  private static final List<String> SENDERS =
      List.of(
          "",
          "bob@client.test",
          "bob+tag@client.test",
          "BOB@Client.Test",
          "any@lists.test",
          "any@sub.lists.test",
          "joe@lists.test",
          "other@client.test");

  private static final Pattern USER = Pattern.compile(": (\\w+): client=.*sasl_username=(\\w+)");
  private static final Pattern RECIPIENT = Pattern.compile(": (\\w+): to=<([^>]+)>");

  private LoginServers servers;
  private String hop;
  private Path policies;
  private Path bySender;
  private Path byServer;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    servers = LoginServers.start(temporary);
    hop = "[127.0.0.1]:" + servers.postfix.login;
    policies =
        PrivatePostfix.write(
            servers.directory.resolve("policies"),
            hop + " secure match=" + LoginServers.HOST + "\n");
    bySender =
        passwords(
            "senders",
            """
            bob@client.test  bob:pencil-of-bob
            joe@lists.test   joe:pencil-of-joe
            @lists.test      ann:pencil
            """);
    byServer =
        passwords(
            "servers",
            """
            # both name the same server
            127.0.0.1  joe:pencil-of-joe
            %s         ann:pencil
            """
                .formatted(hop));
  }

  @AfterAll
  void stop() throws Exception {
    if (servers != null) {
      servers.close();
    }
  }

  private Path passwords(String name, String text) throws IOException {
    Path file = PrivatePostfix.write(servers.directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachMessageGoesUnderTheSameLogin(boolean senderDependent) throws Exception {
    String ours = "ours-" + senderDependent + ".example";
    String postfixs = "postfix-" + senderDependent + ".example";
    try (var postfix = postfix(senderDependent)) {
      send(postfix.port, postfixs);
      try (var caravan = caravan(senderDependent)) {
        send(caravan.smtp, ours);
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () -> {
                  assertThat(logins(postfixs)).hasSize(SENDERS.size());
                  assertThat(logins(ours)).hasSize(SENDERS.size());
                });
      }
    }
    Map<String, String> expected = logins(postfixs);
    // what Postfix is known to do, so that the two do not agree on nothing
    assertThat(expected)
        .containsEntry("bob@client.test", senderDependent ? "bob" : expected.get(""))
        .containsEntry("any@lists.test", senderDependent ? "ann" : expected.get(""));
    assertThat(logins(ours)).isEqualTo(expected);
  }

  private PrivatePostfix postfix(boolean senderDependent) throws IOException {
    return PrivatePostfix.start(
        servers.directory.resolve("client-" + senderDependent),
        """
        myhostname = client.example
        mydestination =
        alias_maps =
        mynetworks = 127.0.0.0/8
        smtpd_peername_lookup = no
        smtpd_relay_restrictions = permit_mynetworks, reject
        recipient_delimiter = +
        relayhost = %s
        smtp_tls_security_level = may
        smtp_tls_policy_maps = texthash:%s
        smtp_tls_CAfile = %s
        smtp_sasl_auth_enable = yes
        smtp_sasl_password_maps = texthash:%s, texthash:%s
        smtp_sasl_security_options = noanonymous
        smtp_sender_dependent_authentication = %s
        """
            .formatted(
                hop,
                policies,
                servers.trusted,
                bySender,
                byServer,
                senderDependent ? "yes" : "no"));
  }

  private Server caravan(boolean senderDependent) throws IOException {
    return Server.on(
        Ports.free(),
        Ports.free(),
        servers.directory.resolve("var-" + senderDependent),
        "-Xmx256m",
        "--set",
        "delivery.relayhost=" + hop,
        "--set",
        "delivery.tls.policies=[texthash:" + policies + "]",
        "--set",
        "delivery.tls.authorities=[" + servers.trusted + "]",
        "--set",
        "delivery.sasl.passwords=[texthash:%s, texthash:%s]".formatted(bySender, byServer),
        "--set",
        "delivery.sasl.sender-dependent=" + senderDependent);
  }

  /// Each message has a recipient of its own.
  private static void send(int port, String domain) throws Exception {
    for (int i = 0; i < SENDERS.size(); i++) {
      run(
          0,
          installed("swaks", "swaks"),
          "--server",
          "127.0.0.1:" + port,
          "--from",
          SENDERS.get(i).isEmpty() ? "<>" : SENDERS.get(i),
          "--to",
          i + "@" + domain);
    }
  }

  /// By sender, as whom the client of the recipients in a domain has logged in.
  private Map<String, String> logins(String domain) throws IOException {
    Map<String, String> users = new HashMap<>();
    Map<String, String> found = new TreeMap<>();
    for (String line : servers.postfix.log().lines().toList()) {
      Matcher user = USER.matcher(line);
      Matcher recipient = RECIPIENT.matcher(line);
      if (user.find()) {
        users.put(user.group(1), user.group(2));
      } else if (recipient.find() && recipient.group(2).endsWith("@" + domain)) {
        int which = Integer.parseInt(recipient.group(2).replaceFirst("@.*", ""));
        found.put(SENDERS.get(which), users.getOrDefault(recipient.group(1), "nobody"));
      }
    }
    return found;
  }
}
