package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.delivery.Attempts;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail that a command or a file takes.
class CommandsAndFilesTest extends AliasedUsers {
  @Test
  void aCommandThatIsNotThereIsWaitedForAlone() {
    for (String command :
        List.of(
            "/no/such/command",
            "\"/no/such/command -x\"",
            "no-such-command",
            "\"no-such; x\"",
            "\"cat > /dev/null; exit 126\"",
            "\"/etc/passwd x\"")) {
      aliases = "list: joe@far.example, |" + command + ", x@far.example";
      TaskOutcome outcome = deliver("list");
      assertThat(onward(outcome)).containsExactly("joe@far.example", "x@far.example");
      assertThat(outcome.results())
          .singleElement()
          .extracting(RecipientResult::attempt)
          .isInstanceOfSatisfying(
              Attempt.Deferred.class,
              deferred ->
                  assertThat(deferred.reason().text()).startsWith("Command cannot be run: "));
    }
  }

  @Test
  void aCommandOfAUsersOwnRunsAsTheUser() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root can be another user");
    root = true;
    Path said = directory.resolve("said");
    Files.createDirectory(said);
    Files.setPosixFilePermissions(said, PosixFilePermissions.fromString("rwxrwxrwx"));
    // what JUnit makes is its owner's only
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    users = "inline:{daemon=x, ann=x, root=x}";
    command = "id -un > '" + said + "/who'; echo \"$HOME\" >> '" + said + "/who'";
    assertThat(deliver("Daemon+x").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("who")).hasContent("daemon\n/usr/sbin");
    // nobody of the machine's, and root himself: as whom the operator says
    assertThat(deliver("ann").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("root").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    command = "";
    file("mail/ex.example/daemon/.forward", "\"|id -un > '" + said + "/forward'\"\n");
    assertThat(deliver("daemon").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("forward")).hasContent("daemon");
    commandUser = "nobody";
    aliases = "prog: \"|id -un > '" + said + "/alias'\"";
    assertThat(deliver("prog").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("alias")).hasContent("nobody");
  }

  @Test
  void aCommandIsToldOfTheMessageInPlainSignsOnly() throws IOException {
    aliases =
        "prog: \"|printenv SENDER RECIPIENT EXTENSION USER CLIENT_HELO CLIENT_PROTOCOL > '"
            + directory.resolve("told")
            + "'\"";
    Mail mail = Letters.to("\"prog+a$(x)\"@ex.example");
    assertThat(delivery().deliver(mail).results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(Files.readString(directory.resolve("told")).lines().toList())
        .startsWith("joe@far.example", "_prog+a__x__@ex.example", "a__x_", "prog");
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() {
    commandTimeout = Duration.ofMillis(200);
    aliases = "prog: \"|exec tail -f /dev/null\"";
    assertFailed(
        deliver("prog"), "5.3.0", "Command time limit exceeded: \"exec tail -f /dev/null\"");
  }

  /// As a mailing list's program does that goes on in the background.
  @Test
  void whatACommandLeavesRunningKeepsNoMailWaiting() throws IOException {
    Path pid = directory.resolve("pid");
    aliases =
        "prog: \"|(setsid tail -f /dev/null <&0 & echo $! > '%s'); echo done\"".formatted(pid);
    try {
      assertThat(deliver("prog").results().getFirst().attempt())
          .isInstanceOf(Attempt.Delivered.class);
    } finally {
      ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cat > %s/out | Delivered | delivered to command",
        "exit 75 | Deferred | 4.3.0 Temporary failure",
        "exit 67 | Failed | 5.1.1 User unknown",
        "exit 42 | Failed | 5.3.0 Command died with status 42",
        "echo 4.2.2 mailbox full; exit 1 | Deferred | 4.2.2 mailbox full",
        "echo 5.2.1 closed; exit 75 | Failed | 5.2.1 closed",
        "kill -9 $$ | Deferred | 4.3.0 Command died with signal 9",
      })
  void aCommandSaysByItsExitStatusWhatCameOfIt(String command, String kind, String text)
      throws IOException {
    aliases = "prog: \"|" + command.formatted(directory) + "\"";
    Attempt attempt = deliver("prog").results().getFirst().attempt();
    Attempts.assertSays(attempt, kind, text);
    if (kind.equals("Delivered")) {
      assertThat(directory.resolve("out"))
          .content()
          .startsWith("From joe@far.example  ")
          .contains("\nDelivered-To: prog@ex.example\n");
    }
  }

  @Test
  void commandsAndFilesAreForThoseWhoMayHaveThem() {
    commands = Set.of();
    files = Set.of();
    aliases = "prog: \"|true\"\nfile: /tmp/x";
    assertFailed(deliver("prog"), "5.7.1", "mail to command is restricted");
    assertFailed(deliver("file"), "5.7.1", "mail to file is restricted");
    commands = EVERYWHERE;
    files = EVERYWHERE;
    root = true;
    assertThat(deliver("prog").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("file").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aFileIsAnMboxAndOneBehindASlashAMaildir() throws IOException {
    Path mbox = directory.resolve("box");
    aliases = "file: " + mbox + "\ndir: " + directory.resolve("md") + "/";
    Mail mail = Letters.letter("Subject: x\r\n", "From here\r\nto there\r\n", "file@ex.example");
    delivery().deliver(mail);
    delivery().deliver(mail);
    assertThat(mbox)
        .content()
        .matches("(?s)(From joe@far.example  .*\n\n>From here\nto there\n\n){2}");
    deliver("dir");
    assertThat(directory.resolve("md/new")).isDirectory();
    Files.setPosixFilePermissions(mbox, PosixFilePermissions.fromString("rwx------"));
    assertFailed(deliver("file"), "5.7.1", "file is executable");
  }

  @Test
  void aCommandTakesMailInThePlaceOfAMaildir() throws IOException {
    command = "exit 75";
    commandTable = "inline:{{ bob = cat > '" + directory.resolve("taken") + "' }}";
    assertThat(deliver("ann").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("bob").results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(directory.resolve("taken")).content().startsWith("From ");
  }
}
