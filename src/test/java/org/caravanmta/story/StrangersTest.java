package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.dns.ZoneServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client sees that is in no network of ours: no relaying, DNS lists, the greylist, the
/// rules.
class StrangersTest {
  private static final String[] NOBODY_IS_OURS = {"--set", "networks.own=[192.0.2.0/24]"};

  @TempDir Path directory;

  @Test
  void relayingIsDeniedAndOwnUsersHaveMail() throws Exception {
    Path aliases =
        Files.writeString(
            directory.resolve("virtual"), "sales@caravan.test alice, bob@caravan.test\n");
    Path rules =
        Files.writeString(
            directory.resolve("header_checks"), "/^Subject: buy/ REJECT 5.7.1 no, thank you\n");
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            with(
                NOBODY_IS_OURS,
                "--set",
                "rewriting.virtual-aliases=['texthash:" + aliases + "']",
                "--set",
                "checks.header=['regexp:" + rules + "']"))) {
      try (var talk = Talk.to(caravan.smtp)) {
        talk.say("MAIL FROM:<joe@elsewhere.example>");
        assertThat(talk.say("RCPT TO:<ann@elsewhere.example>"))
            .isEqualTo("554 5.7.1 <ann@elsewhere.example>: Relay access denied");
        for (String trick :
            new String[] {
              "ann%elsewhere.example@caravan.test",
              "elsewhere.example!ann@caravan.test",
              "\"ann@elsewhere.example\"@caravan.test",
              "@caravan.test:ann@elsewhere.example"
            }) {
          assertThat(talk.say("RCPT TO:<" + trick + ">")).as(trick).startsWith("5");
        }
        assertThat(talk.say("RCPT TO:<sales@caravan.test>")).startsWith("250 2.1.5");
        talk.say("DATA");
        assertThat(talk.data("Subject: hello\r\n\r\nhi\r\n".getBytes())).startsWith("250 2.0.0 Ok");
        assertThat(
                talk.send(
                    "joe@elsewhere.example",
                    "alice@caravan.test",
                    "Subject: buy this\r\n\r\nhi\r\n"))
            .isEqualTo("550 5.7.1 no, thank you");
      }
      await()
          .until(() -> caravan.maildir("alice").size() == 1 && caravan.maildir("bob").size() == 1);
      try (var talk = Talk.to(caravan.submission)) {
        assertThat(talk.say("MAIL FROM:<joe@elsewhere.example>"))
            .isEqualTo("530 5.7.0 Authentication required");
      }
    }
  }

  @Test
  void whoIsOnADnsListIsRefusedAtTheRecipient() throws Exception {
    try (var dns =
            ZoneServer.start(
                "2.0.0.127 A 127.0.0.2\n1.0.0.127 A 127.0.0.4\n1.0.0.127 TXT \"seen in traps\"\n",
                "bl.example.");
        var caravan =
            Server.start(
                directory.resolve("var"),
                with(
                    NOBODY_IS_OURS,
                    "--set",
                    "dns.servers=['127.0.0.1:" + dns.port() + "']",
                    "--set",
                    "dnsbl.zones=['bl.example=127.0.0.[2..4]']"));
        var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.say("MAIL FROM:<joe@elsewhere.example>")).startsWith("250");
      assertThat(talk.say("RCPT TO:<alice@caravan.test>"))
          .isEqualTo(
              "554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using bl.example;"
                  + " seen in traps");
      // whoever is refused can still reach a person (RFC 5321 §4.5.1)
      assertThat(talk.say("RCPT TO:<postmaster>")).startsWith("250 2.1.5");
    }
  }

  @Test
  void anUnknownSenderComesBackAfterTheDelayAlsoAfterARestart() throws Exception {
    String[] settings =
        with(NOBODY_IS_OURS, "--set", "greylist.enabled=true", "--set", "greylist.delay=2s");
    Path data = directory.resolve("var");
    String message = "Subject: x\r\n\r\nhi\r\n";
    try (var caravan = Server.start(data, settings);
        var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.send("joe@elsewhere.example", "alice@caravan.test", message))
          .startsWith("450 4.2.0 <alice@caravan.test>: Recipient address rejected: Greylisted");
    }
    try (var caravan = Server.start(data, settings);
        var talk = Talk.to(caravan.smtp)) {
      await()
          .until(
              () -> {
                String reply = talk.send("joe@elsewhere.example", "alice@caravan.test", message);
                talk.say("RSET");
                return reply.startsWith("250");
              });
      // from here on it is known
      assertThat(talk.send("joe@elsewhere.example", "alice@caravan.test", message))
          .startsWith("250");
      assertThat(talk.send("ann@elsewhere.example", "alice@caravan.test", message))
          .startsWith("450");
    }
  }

  private static String[] with(String[] some, String... more) {
    var all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
