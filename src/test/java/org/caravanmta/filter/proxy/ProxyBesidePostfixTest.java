package org.caravanmta.filter.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.peers.PrivatePostfix;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.JointAnswer;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Postfix as the filter, and one that asks the same filters as we do.
class ProxyBesidePostfixTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  @TempDir Path directory;

  @BeforeEach
  void asRoot() {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      System.out.println("SKIPPED: postfix is not here; apt-get install postfix");
      Assumptions.abort("postfix is not installed");
    }
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "Postfix needs root");
  }

  @Test
  void aPostfixThatTakesTheMail() throws Exception {
    Path boxes = Files.createDirectory(directory.resolve("boxes"));
    Files.setPosixFilePermissions(boxes, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (var postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = filter.example
            mydestination =
            alias_maps =
            mynetworks = 127.0.0.0/8
            smtpd_authorized_xforward_hosts = 127.0.0.0/8
            smtpd_recipient_restrictions = permit_mynetworks, reject
            virtual_mailbox_domains = example.com
            virtual_mailbox_base = %s
            virtual_mailbox_maps = static:box/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            virtual_minimum_uid = 1
            """
                .formatted(boxes))) {
      Mail mail =
          Letters.letter(
              "Subject: x\r\nX-Long: a\r\n b\r\n",
              ".\r\n..\r\n\r\nFrom here\r\n" + "y".repeat(900) + "\r\n",
              "b@example.com");
      Examined letter = ExaminedLetters.of(mail, ContentStore.open(directory.resolve("store")));
      try (var filter = new ProxyFilter(ProxyFilter.parse("127.0.0.1:" + postfix.port), PATIENCE)) {
        assertThat(filter.examine(letter).judgement())
            .isInstanceOfSatisfying(
                Judgement.Taken.class,
                taken ->
                    assertThat(taken.reply().toString())
                        .matches("250 2\\.0\\.0 Ok: queued as \\w+"));
        await().atMost(Duration.ofSeconds(30)).until(() -> files(boxes).size() == 1);
      }
      String got = Files.readString(files(boxes).getFirst());
      try (var whole = letter.whole()) {
        assertThat(got)
            .startsWith("Return-Path: <joe@far.example>\n")
            .endsWith(new String(whole.readAllBytes(), UTF_8).replace("\r\n", "\n"));
      }
      assertThat(postfix.log())
          .contains("orig_queue_id=" + mail.id() + ", orig_client=client.example[192.0.2.7]");
    }
  }

  private static List<Path> files(Path boxes) throws IOException {
    try (var all = Files.walk(boxes)) {
      return all.filter(path -> path.getParent().endsWith("new")).toList();
    }
  }

  /// What a client of Postfix is told where its filter (`smtpd_proxy_filter`) answers as in the
  /// table: `451 4.3.0 Error: queue file write error` where there is no answer.
  @Test
  void decidesAsPostfixDoes() throws Exception {
    int port = Ports.free();
    try (var postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = mx.example.com
            mydestination = example.com
            local_recipient_maps =
            alias_maps =
            mynetworks = 127.0.0.0/8
            smtpd_authorized_xforward_hosts = 127.0.0.0/8
            smtpd_proxy_filter = 127.0.0.1:%d
            smtpd_proxy_options = speed_adjust
            smtpd_proxy_timeout = 1s
            """
                .formatted(port))) {
      for (String row : ProxyReplies.TABLE.split("\n")) {
        String[] cells = row.split("\\|");
        String expected = cells[2].strip();
        try (var server = ProxyReplies.at(port, cells[0].strip(), cells[1].strip())) {
          String said = said(postfix.port);
          assertThat(said)
              .as(row)
              .isEqualTo(
                  expected.equals("none")
                      ? "451 4.3.0 Error: queue file write error"
                      : expected.replaceFirst("^(?:taken|refused) ", ""));
          assertThat(server.connections()).as(row).isEqualTo(1);
        }
      }
    }
  }

  private static String said(int port) throws Exception {
    var caller =
        new SmtpCaller(
            "client.example",
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30));
    var peer = new Peer("127.0.0.1", new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    try (var dialogue = SmtpDialogue.open(peer, Protocol.SMTP, caller, Approach.PLAIN)) {
      return dialogue.offer(
                  Letters.to("b@example.com", "c@example.com"),
                  _ -> {
                    throw new IOException("nothing is stored");
                  })
              instanceof JointAnswer.Said said
          ? said.reply().toString()
          : "nothing";
    }
  }
}
