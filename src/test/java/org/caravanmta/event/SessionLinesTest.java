package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.reception.Peer;
import org.caravanmta.reception.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The log is read by people and by scripts: its lines are fixed.
class SessionLinesTest {
  @TempDir Path directory;
  private final Logger log = (Logger) LoggerFactory.getLogger("org.caravanmta.reception");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    log.setLevel(Level.INFO);
    log.addAppender(appender);
  }

  @AfterEach
  void leave() {
    log.detachAppender(appender);
    log.setLevel(null);
  }

  @Test
  void aSessionTellsItsStory() {
    try (var server = new Server(directory, Map.of());
        var peer = server.connect()) {
      peer.reply();
      peer.ask("EHLO client\u202e[2J\u2028evil.example> to=<root;");
      peer.ask("MAIL FROM:<alice@example.net>");
      peer.ask("RCPT TO:<user@elsewhere.example>");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("RCPT TO:<nobody@example.org>");
      peer.ask("DATA");
      String id = peer.ask("Message-ID: <1@example.net>\r\n.").replaceAll(".* ", "");
      peer.ask("MAIL FROM:<>");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("DATA");
      peer.ask("Subject: spam\r\n.");
      peer.ask("QUIT");
      await().until(() -> lines.stream().anyMatch(line -> line.startsWith("disconnect")));

      long size = server.queued.element().size();
      String second = lines.get(7).replaceAll(":.*", "");
      String helo = "helo=<client?[2J?evil.example??to=?root?>";
      assertThat(lines)
          .containsExactly(
              "connect from unknown[127.0.0.1]",
              "NOQUEUE: reject: RCPT from unknown[127.0.0.1]: 554 5.7.1 <user@elsewhere.example>: "
                  + "Relay access denied; from=<alice@example.net> to=<user@elsewhere.example> "
                  + "proto=ESMTP "
                  + helo,
              id + ": client=unknown[127.0.0.1], listener=smtp, " + helo,
              id
                  + ": reject: RCPT from unknown[127.0.0.1]: 550 5.1.1 <nobody@example.org>: "
                  + "Recipient address rejected: User unknown; from=<alice@example.net> "
                  + "to=<nobody@example.org> proto=ESMTP "
                  + helo,
              id + ": message-id=<1@example.net>",
              id + ": from=<alice@example.net>, size=" + size + ", nrcpt=1 (queued)",
              second + ": client=unknown[127.0.0.1], listener=smtp, " + helo,
              second + ": message-id=<>",
              second
                  + ": reject: END-OF-MESSAGE from unknown[127.0.0.1]: 550 5.7.1 message content "
                  + "rejected; from=<> to=<bob@example.org> proto=ESMTP "
                  + helo,
              "disconnect from unknown[127.0.0.1] ehlo=1 mail=2 rcpt=2/4 data=1/2 quit=1 "
                  + "commands=7/10");
    }
  }

  @Test
  void whomItIsFromByXforwardStandsBehindWhoGivesIt() {
    try (var server = new Server(directory, Map.of("xforward-hosts", "127.0.0.1"));
        var peer = server.connect()) {
      peer.reply();
      peer.ask("EHLO filter.example");
      peer.ask("XFORWARD NAME=mail.example.com ADDR=IPV6:2001:db8:0::7 IDENT=1+0A2");
      String first = message(peer);
      String second = message(peer);
      peer.ask("XFORWARD IDENT=3");
      peer.ask("RSET");
      String third = message(peer);

      String client = ": client=unknown[127.0.0.1], listener=smtp, helo=<filter.example>";
      assertThat(lines)
          .contains(
              first + client + ", orig_queue_id=1?2, orig_client=mail.example.com[2001:db8::7]")
          .contains(second + client)
          .contains(third + client);
    }
  }

  @Test
  void xclientTakesAnotherClientsName() {
    try (var server = new Server(directory, Map.of("xclient-hosts", "127.0.0.1"));
        var peer = server.connect()) {
      peer.reply();
      peer.ask("XCLIENT NAME=mail.example.com ADDR=192.0.2.7 HELO=x");
      peer.ask("QUIT");
      await().until(() -> lines.stream().anyMatch(line -> line.startsWith("disconnect")));

      assertThat(lines)
          .containsExactly(
              "connect from unknown[127.0.0.1]",
              "connect from mail.example.com[192.0.2.7], says unknown[127.0.0.1]",
              "disconnect from mail.example.com[192.0.2.7] xclient=1 quit=1 commands=2");
    }
  }

  private static String message(Peer peer) {
    peer.ask("MAIL FROM:<alice@example.net>");
    peer.ask("RCPT TO:<bob@example.org>");
    peer.ask("DATA");
    return peer.ask("Subject: x\r\n.").replaceAll(".* ", "");
  }
}
