package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.reception.limits.Deadline;
import org.caravanmta.reception.limits.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What extensions leave with a message, and what a session puts up with.
class EsmtpTest {
  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void whatTheSenderWantsToHearTravelsAndAbsentStaysAbsent() {
    Server server = server(Map.of());
    Peer peer = greeted(server);
    peer.ask("MAIL FROM:<alice@example.net> RET=HDRS ENVID=a+2Bb");
    peer.ask("RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2B@x.example");
    peer.ask("RCPT TO:<carol@example.org> NOTIFY=NEVER");
    peer.ask("RCPT TO:<dave@example.org>");
    // once more with other wishes is another copy, with the same none
    peer.ask("RCPT TO:<dave@example.org> NOTIFY=DELAY");
    peer.ask("RCPT TO:<dave@EXAMPLE.org>");
    peer.ask("DATA");
    assertThat(peer.ask(".")).startsWith("250 ");

    Mail mail = server.queued.element();
    assertThat(mail.envelope().parameters())
        .isEqualTo(
            new MailOptions(
                Optional.empty(), false, Optional.of(MailOptions.Ret.HDRS), Optional.of("a+2Bb")));
    assertThat(mail.recipients())
        .extracting(Recipient::notifyOn)
        .containsExactly(
            Optional.of(new Notify(Set.of(Notify.Event.SUCCESS, Notify.Event.FAILURE))),
            Optional.of(Notify.NEVER),
            Optional.empty(),
            Optional.of(new Notify(Set.of(Notify.Event.DELAY))));
    assertThat(mail.recipients())
        .extracting(Recipient::orcpt)
        .containsExactly(
            Optional.of("rfc822;Bob+2B@x.example"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void anInternationalisedMessageIsStampedAsSuch() {
    Server server = server(Map.of());
    Peer peer = greeted(server);
    peer.ask("MAIL FROM:<älice@example.net> SMTPUTF8");
    peer.ask("RCPT TO:<böb@example.org>");
    peer.ask("DATA");
    assertThat(peer.ask("Subject: Grüße\r\n.")).startsWith("250 ");
    Mail mail = server.queued.element();
    assertThat(mail.envelope().parameters().smtputf8()).isTrue();
    assertThat(mail.recipients().getFirst().address()).hasToString("böb@example.org");
    assertThat(mail.headers().toString())
        .contains(" with UTF8SMTP id " + mail.id() + ";\r\n")
        .contains("Subject: Grüße\r\n");
  }

  @Test
  void binaryContentIsKeptToTheByte() {
    Server server = server(Map.of("binarymime", "true", "inline-limit", "100"));
    for (int length : new int[] {0, 1, 50, 5000}) {
      byte[] body = new byte[length];
      for (int i = 0; i < length; i++) {
        body[i] = (byte) (i * 7 % 256);
      }
      Peer peer = greeted(server);
      peer.ask("MAIL FROM:<alice@example.net> BODY=BINARYMIME");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.send("BDAT 12\r\nSubject: x\r\nBDAT " + (length + 2) + " LAST\r\n\r\n");
      assertThat(peer.send(body).reply()).isEqualTo("250 2.0.0 Ok: 12 bytes");
      assertThat(peer.reply()).startsWith("250 2.0.0 Ok: " + (length + 14) + " bytes queued as ");
      assertThat(bytes(server, server.queued.remove())).isEqualTo(body);
    }
  }

  @Test
  void textInChunksIsTheSameAsTextBehindData() {
    Server server = server(Map.of());
    Peer peer = greeted(server);
    peer.ask("MAIL FROM:<alice@example.net>");
    peer.ask("RCPT TO:<bob@example.org>");
    String text = "Subject: x\r\n\r\n.\r\n..dots\r\nno end";
    for (int i = 0; i < text.length(); i++) {
      String last = i == text.length() - 1 ? " LAST" : "";
      assertThat(peer.ask("BDAT 1" + last + "\r\n" + text.charAt(i) + "NOOP").substring(0, 4))
          .isEqualTo("250 ");
      assertThat(peer.reply()).isEqualTo("250 2.0.0 Ok");
    }
    assertThat(bytes(server, server.queued.remove()))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(".\r\n..dots\r\nno end\r\n");
  }

  @Test
  void aQueueRunIsForTheDomainAskedFor() {
    Server server = server(Map.of());
    assertThat(greeted(server).ask("ETRN @Example.COM")).isEqualTo("250 2.0.0 Queuing started");
    assertThat(server.flushed).containsExactly(new Domain("example.com"));
  }

  @Test
  void aCommandThatComesByteByByteHasNoMoreTimeThanAnother() {
    Server server = server(Map.of("timeout", "PT0.3S"));
    Peer peer = connect(server);
    peer.reply();
    assertThat(replyWhileSending(peer, "N"))
        .isEqualTo("421 4.4.2 mx.example.org Error: timeout exceeded");
  }

  @Test
  void contentThatComesByteByByteEndsTheSession() {
    Server server = server(Map.of("timeout", "PT0.3S", "min-data-rate", "100000"));
    Peer peer = connect(server).begin("bob@example.org");
    assertThat(replyWhileSending(peer, "x")).startsWith("421 4.4.2 ");
    assertThat(server.queued).isEmpty();
  }

  /// What the server says to a client that sends `piece` after `piece` until then.
  private static String replyWhileSending(Peer peer, String piece) {
    var reply = CompletableFuture.supplyAsync(peer::reply);
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              if (!reply.isDone()) {
                peer.send(piece);
              }
              return reply.isDone();
            });
    return reply.join();
  }

  @Test
  void contentEarnsTimeByItsRate() {
    var patience = new Patience(Duration.ofSeconds(300), 500, 10, Duration.ofSeconds(1), 20, 100);
    long second = 1_000_000_000L;
    var deadline = new Deadline(() -> patience, 0);
    assertThat(deadline.left(200 * second)).isEqualTo(100 * second);
    deadline.credit(25_000, 200 * second);
    assertThat(deadline.left(200 * second)).isEqualTo(150 * second);
    // never more than the whole time-out
    deadline.credit(1_000_000_000, 200 * second);
    assertThat(deadline.left(200 * second)).isEqualTo(300 * second);
    deadline.restart(400 * second);
    assertThat(deadline.left(700 * second)).isZero();
    var stressed = new Deadline(patience::stressed, 0);
    assertThat(stressed.left(10 * second)).isZero();
  }

  @Test
  void underStressASessionMayErrOnceAndIdleOnce() {
    Server server = server(Map.of("session-limit", "10"));
    var sessions = new ArrayList<Peer>();
    for (int i = 0; i < 8; i++) {
      sessions.add(greeted(server));
    }
    assertThat(server.sessions.stressed()).isFalse();
    assertThat(sessions.getFirst().ask("WIZ")).startsWith("500 ");
    sessions.add(greeted(server));
    assertThat(server.sessions.stressed()).isTrue();
    assertThat(sessions.get(1).ask("NOOP")).startsWith("250 ");
    assertThat(sessions.get(1).ask("NOOP")).startsWith("250 ");
    assertThat(sessions.get(1).reply()).startsWith("421 4.7.0 ");
    assertThat(sessions.get(2).ask("MAIL FROM:<alice@example.net>")).startsWith("250 ");
    assertThat(sessions.get(2).ask("WIZ")).startsWith("500 ");
    assertThat(sessions.get(2).reply()).startsWith("421 4.7.0 ");
    sessions.get(1).close();
    sessions.get(2).close();
    await().until(() -> !server.sessions.stressed());
    assertThat(sessions.get(3).ask("WIZ")).startsWith("500 ");
    assertThat(sessions.get(3).ask("NOOP")).startsWith("250 ");
  }

  private Server server(Map<String, String> changes) {
    var server = new Server(directory.resolve("content"), changes);
    open.add(server);
    return server;
  }

  private Peer connect(Server server) {
    Peer peer = server.connect();
    open.add(peer);
    return peer;
  }

  private Peer greeted(Server server) {
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    return peer;
  }

  private static byte[] bytes(Server server, Mail mail) {
    return switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> bytes;
      case Content.Stored stored -> {
        try (var in = server.store.read(stored)) {
          yield in.readAllBytes();
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    };
  }
}
