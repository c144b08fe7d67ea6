package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.address.Address;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;

/// What a message is when it has been received, and what is asked about it on the way.
class ReceptionTest extends ServedClients {
  @Test
  void aMessageIsStampedAndItsBytesAreKept() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("Bob@example.org");
    String reply = peer.ask("Subject: hello\r\nX:\tfolded\r\n\tvalue\r\n\r\n..dot\r\n\r\n \r\n.");

    Mail mail = server.queued.element();
    assertThat(reply).isEqualTo("250 2.0.0 Ok: queued as " + mail.id());
    assertThat(mail.headers().toString())
        .isEqualTo(
            """
            Received: from client.example (unknown [127.0.0.1])
            \tby mx.example.org (Caravan) with ESMTP id %s
            \tfor <Bob@example.org>; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            Subject: hello
            X:\tfolded
            \tvalue
            """
                .formatted(mail.id())
                .replace("\n", "\r\n"));
    assertThat(text(mail)).isEqualTo(".dot\r\n\r\n \r\n");
    assertThat(mail.recipients())
        .singleElement()
        .satisfies(r -> assertThat(r.original()).hasToString("Bob@example.org"));
    assertThat(mail.reversePath()).hasToString("alice@example.net");
    assertThat(mail.envelope().arrived()).isEqualTo(Server.NOW);
    assertThat(mail.envelope().client())
        .satisfies(
            client -> {
              assertThat(client.protocol()).isEqualTo("ESMTP");
              assertThat(client.helo()).isEqualTo("client.example");
              assertThat(client.listener()).isEqualTo("smtp");
              assertThat(client.own()).isTrue();
            });
  }

  @Test
  void aNameWritesNoStructureIntoTheTrace() {
    Server server = server(Map.of("xclient-hosts", "127.0.0.1"));
    Peer peer = connect(server);
    peer.reply();
    // what a client calls itself, and what stands in the field
    var names =
        Map.of(
            "EHLO relay.example (really [192.0.2.1])", "relay.example??really?[192.0.2.1]?",
            "HELO a\\b,c:d", "a?b,c:d",
            "EHLO \"me\"; by mx.example.org", "?me???by?mx.example.org",
            "HELO bob@host for <x>", "bob?host?for??x?",
            "EHLO b\u00fccher.example", "b?cher.example",
            "EHLO [IPv6:2001:db8::1]", "[IPv6:2001:db8::1]",
            "XCLIENT HELO=x)+20by+20y", "x??by?y");
    names.forEach(
        (command, shown) -> {
          server.queued.clear();
          assertThat(peer.ask(command)).as(command).startsWith("2");
          peer.ask("MAIL FROM:<>");
          peer.ask("RCPT TO:<bob@example.org>");
          peer.ask("DATA");
          assertThat(peer.ask(".")).startsWith("250 ");
          assertThat(server.queued.element().headers().toString())
              .as(command)
              .startsWith("Received: from " + shown + " (unknown [127.0.0.1])\r\n");
        });
  }

  @Test
  void severalRecipientsAreNotNamedAndNoneIsTwice() {
    Server server = server(Map.of());
    Peer peer = connect(server);
    peer.reply();
    peer.ask("HELO client.example");
    peer.ask("MAIL FROM:<>");
    peer.ask("RCPT TO:<bob@example.org>");
    peer.ask("RCPT TO:<carol@example.org>");
    peer.ask("RCPT TO:<bob@EXAMPLE.org>");
    peer.ask("DATA");
    peer.ask(".");

    Mail mail = server.queued.element();
    assertThat(mail.recipients()).hasSize(2);
    assertThat(mail.headers().toString())
        .isEqualTo(
            "Received: from client.example (unknown [127.0.0.1])\r\n"
                + "\tby mx.example.org (Caravan) with SMTP id "
                + mail.id()
                + ";\r\n\tTue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n");
    assertThat(mail.content().length()).isZero();
  }

  @Test
  void eachQuestionComesInItsTurn() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("RFC: yes\r\n.");
    assertThat(server.questions)
        .extracting(Case::stage)
        .containsExactly("connect", "recipient", "message");
    assertThat(server.questions)
        .element(1)
        .isInstanceOfSatisfying(
            Case.Rcpt.class,
            rcpt -> {
              assertThat(rcpt.vouched()).isFalse();
              assertThat(rcpt.accepted()).isZero();
              assertThat(rcpt.sender()).hasToString("alice@example.net");
            });
  }

  @Test
  void aQuestionSaysHowManyRecipientsWereAcceptedBefore() {
    Server server = server(Map.of());
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    for (String name : List.of("bob", "ann", "cid", "ann")) {
      assertThat(peer.ask("RCPT TO:<" + name + "@example.org>")).startsWith("250");
    }
    assertThat(server.questions)
        .filteredOn(Case.Rcpt.class::isInstance)
        .extracting(asked -> ((Case.Rcpt) asked).accepted())
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void theGreetingDoesNotWaitForTheVerdictOnTheClient() {
    Server server = server(Map.of());
    var listed = new CountDownLatch(1);
    server.route =
        question -> {
          if (question instanceof Case.Connection) {
            pass(listed);
          }
          return server.usual(question);
        };
    Peer peer = connect(server);
    assertThat(peer.reply()).startsWith("220 ");
    assertThat(peer.ask("EHLO client.example")).startsWith("250 ");
    assertThat(peer.ask("MAIL FROM:<alice@example.net>")).startsWith("250 ");
    peer.send("RCPT TO:<bob@example.org>\r\nRCPT TO:<nobody@example.org>\r\n");
    await().until(() -> server.questions.size() == 1);
    listed.countDown();
    assertThat(peer.reply()).startsWith("250 ");
    assertThat(peer.reply()).startsWith("550 ");
  }

  @Test
  void postmasterIsHeardThoughTheVerdictOnTheClientIsLate() {
    Server server = server(Map.of());
    var listed = new CountDownLatch(1);
    server.route =
        question -> {
          if (question instanceof Case.Connection) {
            pass(listed);
            throw new IllegalStateException("a bug in the list");
          }
          return server.usual(question);
        };
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    peer.send("RCPT TO:<postmaster>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
    listed.countDown();
    assertThat(peer.reply()).startsWith("250 ");
    assertThat(peer.reply()).isEqualTo("451 4.3.0 Error: a bug in the list");
    assertThat(peer.reply()).startsWith("354 ");
    assertThat(peer.ask("Subject: help\r\n.")).startsWith("250 ");
    assertThat(server.queued.element().recipients())
        .singleElement()
        .satisfies(r -> assertThat(r.address()).isEqualTo(Address.parse("postmaster@example.org")));
  }

  @Test
  void aRecipientMayHaveTheMessageHeld() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("held@example.org");
    peer.ask("Subject: x\r\n.");
    assertThat(server.questions)
        .last()
        .isInstanceOfSatisfying(
            Case.Message.class, m -> assertThat(m.verdict()).isInstanceOf(Verdict.Hold.class));
  }

  @Test
  void tooManyRecipientsArePutOff() {
    Server server = server(Map.of("recipient-limit", "100", "error-limit", "3"));
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    for (int i = 0; i < 100; i++) {
      assertThat(peer.ask("RCPT TO:<u" + i + "@example.org>")).isEqualTo("250 2.1.5 Ok");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(peer.ask("RCPT TO:<more@example.org>"))
          .isEqualTo("452 4.5.3 Error: too many recipients");
    }
    peer.ask("DATA");
    assertThat(peer.ask(".")).startsWith("250 ");
    assertThat(server.queued.element().recipients()).hasSize(100);
  }

  @Test
  void aProgramsMessageIsCompleted() {
    Server server = server(Map.of("listener", "SUBMISSION"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: hello\r\nBcc: carol@example.org,\r\n dave@example.org\r\n\r\nHi.\r\n.");
    Mail mail = server.queued.element();
    assertThat(mail.headers().toString())
        .endsWith(
            // checks see Bcc before they take it out
            "Subject: hello\r\nBcc: carol@example.org,\r\n dave@example.org\r\nMessage-Id: <"
                + mail.id()
                + "@mx.example.org>\r\nDate: Tue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n"
                + "From: alice@example.net\r\n");
  }

  @Test
  void aResentMessageIsCompletedAsSuch() {
    Server server = server(Map.of("listener", "SUBMISSION"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Resent-To: bob@example.org\r\nFrom: a@example.net\r\n.");
    assertThat(server.queued.element().headers().fields())
        .extracting(f -> f.name())
        .containsExactly(
            "Received", "Resent-To", "From", "Resent-Message-Id", "Resent-Date", "Resent-From");
  }

  @Test
  void strangersMailIsNotCompleted() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Return-Path: <x@y.example>\r\nBcc: carol@example.org\r\n.");
    assertThat(server.queued.element().headers().fields())
        .extracting(f -> f.name())
        // checks see what they then take out
        .containsExactly("Received", "Return-Path", "Bcc");
  }

  private static String text(Mail mail) {
    return new String(((Content.Inline) mail.content()).bytes(), StandardCharsets.UTF_8);
  }
}
