package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail for users with a `.forward` file, and what is sent on by it or by an alias.
class ForwardedDeliveryTest extends AliasedUsers {
  @Test
  void whatGoesOnSaysWhomItWasForUnlessTheOperatorSaysOtherwise() throws IOException {
    aliases = "list: inner\ninner: x@far.example";
    assertThat(deliveredTo(deliver("list"))).isEqualTo("list@ex.example");
    frozen = false;
    assertThat(deliveredTo(deliver("list"))).isEqualTo("inner@ex.example");
    deliveredTo = Set.of();
    assertThat(deliveredTo(deliver("list"))).isEqualTo("-");
    Path out = directory.resolve("out");
    for (String to : List.of("\"|cat > " + out + "\"", out.toString())) {
      aliases = "list: " + to;
      deliveredTo = Set.of();
      deliver("list");
      assertThat(out).content().contains("X-Original-To: list@").doesNotContain("Delivered-To");
      Files.delete(out);
      deliveredTo = Set.of("command", "file");
      deliver("list");
      assertThat(out).content().contains("Delivered-To: list@");
      Files.delete(out);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "home/$user/.forward${recipient_delimiter}${extension}, home/$user/.forward",
        "home/${user}/.forward$recipient_delimiter$extension home/$(user)/.forward",
        "$home/none home/$user/.forward${extension?+$extension}",
        "home/$domain/$user home/${user}/.forward${extension?{+$extension}:{}}",
        "home/%u/.forward",
      })
  void whereForwardFilesAreIsAListWithNames(String path) throws IOException {
    forwardPath = path;
    propagate = Set.of("forward");
    file("home/ann/.forward", "plain@far.example\n");
    file("home/ann/.forward+news", "news@far.example\n");
    assertThat(onward(deliver("Ann"))).containsExactly("plain@far.example");
    assertThat(onward(deliver("ann+News"))).containsExactly("news@far.example");
    if (!path.contains("?")) {
      assertThat(onward(deliver("ann+other"))).containsExactly("plain+other@far.example");
    }
    assertThat(onward(deliver("ann+../x"))).doesNotContain("news@far.example");
  }

  @Test
  void theHomeDirectoryOfAUserOfTheMachineIsKnown() throws IOException {
    users = "inline:{daemon=x, ann=x}";
    forwardPath = "$home/.caravan-forward-of-nobody, home/$user$shell, " + directory + "/f/$user";
    file("home/daemon/usr/sbin/nologin", "shell@far.example\n");
    file("f/ann", "f@far.example\n");
    assertThat(onward(deliver("daemon"))).containsExactly("shell@far.example");
    assertThat(onward(deliver("ann"))).containsExactly("f@far.example");
  }

  @Test
  void whatGoesOnIsAMessageOfItsOwnThatKnowsWhereItWas() {
    aliases = "sales: joe@far.example";
    TaskOutcome outcome = deliver("Sales");
    Mail mail = outcome.onward().getFirst();
    assertThat(mail.id()).isNotEqualTo(outcome.mail().id());
    assertThat(mail.headers().first("Delivered-To").orElseThrow().value())
        .isEqualTo("sales@ex.example");
    assertThat(mail.headers().first("Received").orElseThrow().value())
        .startsWith("by mx.ex.example (Caravan)");
    assertThat(mail.reversePath()).isEqualTo(outcome.mail().reversePath());
    assertThat(mail.recipients().getFirst().original())
        .isEqualTo(Address.parse("Sales@ex.example"));
    assertThat(outcome.results().getFirst().success()).contains(Notice.Action.EXPANDED);
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(new Attempt.Delivered("forwarded as " + mail.id(), "local"));
  }

  @Test
  void aUserForwardsHisMailAndKeepsACopy() throws IOException {
    file("mail/ex.example/ann/.forward", "# away\n\\ann, joe@far.example\n");
    assertThat(onward(deliver("ann"))).containsExactly("joe@far.example");
    assertThat(delivered()).isEqualTo("ann");
    file("mail/ex.example/ann/.forward+news", "news@far.example\n");
    assertThat(onward(deliver("ann+news"))).containsExactly("news@far.example");
    file("mail/ex.example/bob/.forward", "# nothing but this\n");
    assertThat(onward(deliver("bob"))).isEmpty();
    assertThat(delivered()).isEqualTo("ann bob");
  }

  @Test
  void aForwardFileThatEverybodyMayWriteIsNotUsed() throws IOException {
    Path forward = file("mail/ex.example/ann/.forward", "joe@far.example\n");
    Files.setPosixFilePermissions(forward, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(onward(deliver("ann"))).isEmpty();
    assertThat(delivered()).isEqualTo("ann");
  }

  /// What it says is done as the user.
  @Test
  void aForwardFileOfSomebodyElseIsNotUsed() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root can give files away");
    Path forward = file("mail/ex.example/ann/.forward", "joe@far.example\n");
    Files.setAttribute(forward, "unix:uid", 1234);
    assertThat(onward(deliver("ann"))).isEmpty();
    users = "inline:{daemon=x}";
    Path own = file("mail/ex.example/daemon/.forward", "joe@far.example\n");
    Files.setOwner(
        own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
    assertThat(onward(deliver("daemon"))).containsExactly("joe@far.example");
  }
}
