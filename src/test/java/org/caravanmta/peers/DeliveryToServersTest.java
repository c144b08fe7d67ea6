package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.caravanmta.story.Server;
import org.caravanmta.story.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Mail goes over TLS to servers that others wrote: Postfix, Dovecot (LMTP), Exim and OpenSMTPD.
/// One message, with a recipient for each.
@TestInstance(Lifecycle.PER_CLASS)
class DeliveryToServersTest {
  /// Where TLS begins with the first byte (RFC 8314 §7.3); an address that only this test has.
  private static final String AT_ONCE = "127.0.65.1";

  private LoginServers servers;

  /// The next hop of each domain, and how strict we are with it.
  private final Map<String, String> hops = new LinkedHashMap<>();

  private ReceivingPostfix postfix;
  private PrivateDovecot dovecot;
  private PrivateExim exim;
  private PrivateOpensmtpd opensmtpd;
  private Sink onward;
  private TlsSink atOnce;
  private Server caravan;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    servers = LoginServers.start(temporary);
    Path directory = servers.directory;
    Identity identity = servers.identity;
    Identity client = servers.authority.issue("client", "client.caravan.test");
    dovecot = servers.dovecot;
    postfix = servers.postfix;
    exim = servers.kept(PrivateExim.start(directory.resolve("exim"), "mx.peer.test", identity));
    onward = servers.kept(Sink.start());
    opensmtpd =
        servers.kept(
            PrivateOpensmtpd.start(
                directory.resolve("opensmtpd"), "mx.peer.test", identity, onward.port));
    atOnce =
        servers.kept(TlsSink.start(AT_ONCE, 465, Conduct.AT_ONCE, identity, servers.authority));
    hops.put("none.example", "smtp:[127.0.0.1]:" + postfix.none);
    hops.put("may.example", "smtp:[127.0.0.1]:" + postfix.may);
    hops.put("required.example", "smtp:[127.0.0.1]:" + postfix.required);
    hops.put("certificates.example", "smtp:[127.0.0.1]:" + postfix.certificates);
    hops.put("lmtp.example", "lmtp:[127.0.0.1]:" + dovecot.lmtp);
    hops.put("socket.example", "lmtp:unix:" + dovecot.socket);
    hops.put("exim.example", "smtp:[127.0.0.1]:" + exim.port);
    hops.put("opensmtpd.example", "smtp:[127.0.0.1]:" + opensmtpd.port);
    hops.put("at-once.example", "smtp:[" + AT_ONCE + "]:465");
    Path transport =
        Files.writeString(
            directory.resolve("transport"),
            hops.entrySet().stream()
                .map(hop -> hop.getKey() + " " + hop.getValue() + "\n")
                .collect(Collectors.joining()));
    Path policies =
        Files.writeString(
            directory.resolve("policies"),
            hops.values().stream()
                .filter(hop -> !hop.contains("unix:") && !hop.endsWith(":" + postfix.none))
                .map(hop -> hop.substring(5) + " secure match=mx.peer.test\n")
                .collect(Collectors.joining()));
    caravan =
        servers.kept(
            Server.start(
                directory.resolve("var"),
                "--set",
                "routing.transport=[texthash:" + transport + "]",
                "--set",
                "delivery.tls.policies=[texthash:" + policies + "]",
                "--set",
                "delivery.tls.authorities=[" + servers.trusted + "]",
                "--set",
                "delivery.tls.certificates=[" + client.chain() + "]",
                "--set",
                "delivery.tls.keys=[" + client.key() + "]"));
  }

  @AfterAll
  void stop() throws Exception {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void eachTakesItsMailAndSeesTheTlsThatOurPolicyAsksFor() throws Exception {
    run(
        0,
        installed("swaks", "swaks"),
        "--server",
        "127.0.0.1:" + caravan.smtp,
        "--from",
        "ann@caravan.test",
        "--to",
        hops.keySet().stream().map(domain -> "joe@" + domain).collect(Collectors.joining(",")));

    for (String domain : hops.keySet()) {
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () ->
                  assertThat(caravan.lines())
                      .anyMatch(
                          line ->
                              line.contains("to=<joe@" + domain + ">")
                                  && line.contains("status=sent")));
    }
    assertThat(postfix.log().lines().filter(line -> line.contains("status=sent"))).hasSize(4);
    assertThat(
            postfix
                .log()
                .lines()
                .filter(
                    line ->
                        line.contains(
                            "TLS connection established from unknown[127.0.0.1]: TLSv1.3")))
        .hasSize(3)
        // it asks where it needs one only
        .filteredOn(line -> line.contains("Trusted TLS"))
        .hasSize(1);
    assertThat(dovecot.mail("joe"))
        .hasSize(2)
        .filteredOn(text -> text.contains("TLS_AES_"))
        .as("over TCP in TLS, over a socket in the clear")
        .hasSize(1);
    assertThat(exim.log()).contains("X=TLS1.3:", "<= ann@caravan.test");
    assertThat(opensmtpd.log()).contains("smtp tls ciphers=TLSv1.3:");
    await().until(() -> onward.messages.sum() == 1);
    assertThat(atOnce.taken())
        .extracting(TlsSink.Taken::recipient, TlsSink.Taken::protocol)
        .containsExactly(org.assertj.core.api.Assertions.tuple("joe@at-once.example", "TLSv1.3"));
    assertThat(caravan.lines())
        .filteredOn(line -> line.contains("Verified TLS connection established to"))
        .hasSize(7);
  }
}
