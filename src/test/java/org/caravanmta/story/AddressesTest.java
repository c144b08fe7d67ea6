package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of addresses in a server with Postfix's tables: a virtual domain, a list with an
/// owner, a user who has moved, copies, names for logins, and a user who forwards.
class AddressesTest {
  @TempDir Path directory;

  @Test
  void eachTableHasItsSay() throws Exception {
    Path virtual = file("virtual", "va.example anything\ninfo@va.example alice, crew\n");
    Path aliases = file("aliases", "crew: alice, bob\nowner-crew: alice\nloop: pool\npool: loop\n");
    Path relocated = file("relocated", "old@caravan.test new@far.example\n");
    Path canonical = file("canonical", "al Alice.Liddell@caravan.test\n");
    Path words =
        file(
            "bounce.cf",
            "failure_template = <<EOF\nSubject: It came back\n\nThis is $myhostname.\nEOF\n");
    Path forward = directory.resolve("var/mail/caravan.test/bob/.forward");
    Files.createDirectories(forward.getParent());
    Files.writeString(forward, "\\bob, alice+from-bob\n");
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "rewriting.virtual-aliases=['texthash:" + virtual + "']",
            "--set",
            "rewriting.canonical=['texthash:" + canonical + "']",
            "--set",
            "routing.relocated=['texthash:" + relocated + "']",
            "--set",
            "local.aliases=['hash:" + aliases + "']",
            "--set",
            "local.forward=mail/%d/%u/.forward",
            "--set",
            "notices.classes=[bounce]",
            "--set",
            "notices.template-file=" + words)) {
      try (var talk = Talk.to(caravan.smtp)) {
        talk.say("MAIL FROM:<al@caravan.test>");
        assertThat(talk.say("RCPT TO:<nobody@va.example>"))
            .isEqualTo(
                "550 5.1.1 <nobody@va.example>: Recipient address rejected: User unknown in virtual"
                    + " alias table");
        assertThat(talk.say("RCPT TO:<old@caravan.test>"))
            .isEqualTo(
                "550 5.1.6 <old@caravan.test>: Recipient address rejected: User has moved to"
                    + " new@far.example");
        assertThat(talk.say("RCPT TO:<nobody@caravan.test>"))
            .isEqualTo(
                "550 5.1.1 <nobody@caravan.test>: Recipient address rejected: User unknown in local"
                    + " recipient table");
        assertThat(talk.say("RCPT TO:<info@va.example>")).startsWith("250");
        talk.say("DATA");
        assertThat(talk.data("From: al\r\nTo: info@va.example\r\n\r\nhi\r\n".getBytes()))
            .startsWith("250");
      }
      // alice: by the alias, by the list, and from bob; bob: by the list
      await()
          .until(() -> caravan.maildir("alice").size() == 3 && caravan.maildir("bob").size() == 1);
      String bobs = Files.readString(caravan.maildir("bob").getFirst());
      assertThat(bobs)
          .startsWith("Return-Path: <owner-crew@caravan.test>\n")
          // a list with an owner sends its members mail of its own
          .contains("X-Original-To: bob@caravan.test\n")
          .contains("\nDelivered-To: crew@caravan.test\n")
          .contains("\nFrom: Alice.Liddell@caravan.test\n")
          .endsWith("\n\nhi\n");
      try (var talk = Talk.to(caravan.smtp)) {
        assertThat(talk.send("alice@caravan.test", "loop@caravan.test", "X: y\r\n\r\nhi\r\n"))
            .startsWith("250");
      }
      await().until(() -> caravan.maildir("alice").size() == 4);
      assertThat(caravan.says("alias database loop for loop@caravan.test")).isTrue();
      assertThat(Files.readString(caravan.maildir("alice").getLast()))
          .contains("\nSubject: It came back\n")
          .contains("\nThis is mx.caravan.test.\n");
      // who keeps the machine is told, too, and of what nobody else can be told of
      await().until(() -> caravan.maildir("postmaster").size() == 1);
      try (var talk = Talk.to(caravan.smtp)) {
        assertThat(talk.send("", "loop@caravan.test", "X: z\r\n\r\nfrom nobody\r\n"))
            .startsWith("250");
      }
      await().until(() -> caravan.maildir("postmaster").size() == 2);
      assertThat(Files.readString(caravan.maildir("postmaster").getFirst()))
          .startsWith("Return-Path: <double-bounce@caravan.test>\n")
          .contains("\nSubject: Postmaster Copy: Undelivered Mail\n")
          .contains("\nX: y\n")
          .doesNotContain("\nhi\n");
      assertThat(Files.readString(caravan.maildir("postmaster").getLast()))
          .startsWith("Return-Path: <double-bounce@caravan.test>\n")
          .contains("\nReturn-Path: <>\n")
          .contains("\nfrom nobody\n");
    }
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }
}
