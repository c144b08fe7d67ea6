package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that a server that runs as root writes mail to: whose they are, and what is no mailbox.
class MailboxesAsRootTest extends RootsServer {
  /// Postfix 3.7: 4.2.0, strict_mailbox_ownership.
  @Test
  void aMailboxOfSomebodyElseIsWaitedFor() throws Exception {
    Path spool = mode(Files.createDirectory(directory.resolve("spool")), "rwxrwxrwx");
    template = spool + "/%u";
    owned(mode(Files.writeString(spool.resolve("daemon"), ""), "rw-rw-rw-"), "bin");
    assertDeferred(deliver("daemon"), "destination " + spool + "/daemon is not owned by recipient");
    assertThat(spool.resolve("daemon")).isEmptyFile();
    strict = false;
    assertDelivered(deliver("daemon"));
    strict = true;
    owned(spool.resolve("daemon"), "daemon");
    assertDelivered(deliver("daemon"));
    // what an alias names may be anybody's, if it can be written to
    owned(mode(Files.writeString(open.resolve("shared"), ""), "rw-rw-rw-"), "bin");
    alias("shared: " + open + "/shared\n");
    assertDelivered(deliver("shared"));
  }

  @Test
  void aFileBelowTheHomeDirectory() throws Exception {
    alias("list: ~/x, joe@far.example\n");
    TaskOutcome nobodys = delivery().deliver(Letters.to("list@ex.example"));
    assertThat(nobodys.onward()).hasSize(1);
    owned(table, "games");
    assertDeferred(deliver("list"), "");
  }

  @Test
  void aLinkLeadsNowhereTheUserCouldNotWriteHimself() throws Exception {
    Path secret = mode(Files.writeString(directory.resolve("secret"), "kept"), "rw-r--r--");
    Files.createSymbolicLink(open.resolve("link"), secret);
    Files.createSymbolicLink(open.resolve("hanging"), directory.resolve("new"));
    forward("daemon", open + "/link");
    forward("bin", open + "/hanging");
    assertDeferred(deliver("daemon"), "Permission denied");
    assertDeferred(deliver("bin"), "Permission denied");
    assertThat(secret).hasContent("kept");
    assertThat(directory.resolve("new")).doesNotExist();
    Files.createLink(open.resolve("second"), owned(Files.createFile(open.resolve("f")), "games"));
    forward("games", open + "/second");
    assertThat(deliver("games"))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            f -> assertThat(f.reason().text()).isEqualTo("file has more than one name"));
  }

  /// However fast he is.
  @Test
  void aLinkThatComesAndGoesLeadsNowhereEither() throws Exception {
    Path secret = mode(Files.writeString(directory.resolve("secret"), "kept"), "rw-------");
    Path link = Files.createSymbolicLink(open.resolve("link"), secret);
    Path file = owned(Files.createFile(open.resolve("file")), "daemon");
    Path box = open.resolve("box");
    forward("daemon", box.toString());
    var over = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 1_000_000 && !over.get(); i++) {
                    swap(i % 2 == 0 ? link : file, box);
                  }
                });
    try {
      for (int i = 0; i < 100; i++) {
        deliver("daemon");
      }
    } finally {
      over.set(true);
      swapping.join();
    }
    assertThat(secret).hasContent("kept");
  }

  private static void swap(Path to, Path box) {
    try {
      Path made = box.resolveSibling("made");
      if (Files.isSymbolicLink(to)) {
        Files.createSymbolicLink(made, Files.readSymbolicLink(to));
      } else {
        Files.copy(to, made, StandardCopyOption.COPY_ATTRIBUTES);
      }
      Files.move(made, box, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileIsWrittenWholeOrNotAtAll() throws Exception {
    alias("file: " + open + "/file\n");
    assertDelivered(deliver("file"));
    byte[] before = Files.readAllBytes(open.resolve("file"));
    bodies =
        _ ->
            new SequenceInputStream(
                new ByteArrayInputStream(new byte[300_000]),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the disk is broken");
                  }
                });
    Mail mail = Letters.to("file@ex.example").with((Content) new Content.Stored("r", 400_000, 0));
    assertDeferred(delivery().deliver(mail).results().getFirst().attempt(), "the disk is broken");
    assertThat(open.resolve("file")).hasBinaryContent(before);
    largest = before.length + 10;
    assertThat(deliver("file"))
        .isInstanceOfSatisfying(
            Attempt.Failed.class, f -> assertThat(f.reason().status()).hasToString("5.2.2"));
    assertThat(open.resolve("file")).hasBinaryContent(before);
  }

  @Test
  void otherProgramsLocksAreWaitedFor() throws Exception {
    alias("file: " + open + "/file\n");
    assertDelivered(deliver("file"));
    try (var other = FileChannel.open(open.resolve("file"), StandardOpenOption.WRITE);
        var _ = other.lock()) {
      assertDeferred(deliver("file"), "is locked by somebody else");
    }
    assertDelivered(deliver("file"));
    // where no lock file may be made, the system's lock is enough
    Path closed = Files.createDirectory(directory.resolve("closed"));
    owned(Files.createFile(closed.resolve("file")), "nobody");
    alias("file: " + closed + "/file\n");
    assertDelivered(deliver("file"));
    assertThat(closed.resolve("file")).isNotEmptyFile();
  }

  @ParameterizedTest
  @CsvSource({"nobody", "''"})
  void aDeviceThatTakesEverythingTakesMail(String user) throws Exception {
    operators = user;
    alias("null: /dev/null\nfull: /dev/full\n");
    if (user.isEmpty()) {
      assertDeferred(deliver("null"), "file /dev/null: not done as root: local.command-user");
      return;
    }
    assertDelivered(deliver("null"));
    assertDeferred(deliver("full"), "No space left on device");
    assertThat(Path.of("/dev/null.lock")).doesNotExist();
    assertThat(Files.readAttributes(Path.of("/dev/null"), "unix:mode").get("mode"))
        .isEqualTo(0020666);
  }

  @Test
  void aPipeIsNoFile() throws Exception {
    Path pipe = open.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", "-m", "666", pipe.toString()).start().waitFor())
        .isZero();
    alias("pipe: " + pipe + "\n");
    assertDeferred(deliver("pipe"), "nobody reads from it");
    try (var _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      assertThat(deliver("pipe"))
          .isInstanceOfSatisfying(
              Attempt.Failed.class,
              f -> assertThat(f.reason().text()).isEqualTo("not a regular file"));
    }
  }

  @ParameterizedTest
  @CsvSource({"home/%u/Maildir/, home/daemon/Maildir/new", "home/%u/mbox, home/daemon/mbox"})
  void aMailboxInAUsersHomeIsTheUsers(String mailbox, String made) throws Exception {
    template = directory + "/" + mailbox;
    Path home = Files.createDirectories(directory.resolve("home/daemon"));
    owned(home, "daemon");
    assertDelivered(deliver("Daemon+news"));
    assertOwned(directory.resolve(made), "daemon");
    // he takes his mail away himself
    String command = "cat $(find . -type f) > /dev/null && rm -r *";
    var process =
        new ProcessBuilder("runuser", "-u", "daemon", "--", "/bin/sh", "-c", command)
            .directory(home.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(home).isEmptyDirectory();
    // a home that is not there is not made for him
    assertDeferred(deliver("games"), "delivery failed");
    assertThat(directory.resolve("home/games")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"rwxr-xr-x, daemon, daemon", "rwxrwxr-x, daemon, mail", "rwxrwxrwx, daemon, daemon"})
  void aMailboxInASpoolIsTheUsers(String mode, String user, String group) throws Exception {
    template = directory + "/spool/%u";
    Path spool = Files.createDirectory(directory.resolve("spool"));
    Files.setAttribute(spool, "unix:gid", 8);
    mode(spool, mode);
    assertDelivered(deliver("daemon"));
    assertDelivered(deliver("daemon"));
    assertOwned(spool.resolve("daemon"), user);
    assertThat(Files.readAttributes(spool.resolve("daemon"), "posix:group").get("group"))
        .hasToString(group);
    assertThat(spool.resolve("daemon.lock")).doesNotExist();
  }
}
