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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server that runs as root, and whose rights it uses for what (postfix `local(8)`). Users of the
/// machine: daemon, bin, games; aliases of root's are done as nobody.
class DeliveryAsRootTest {
  private static final Set<String> EVERYWHERE = Set.of("alias", "forward", "include");
  private static final LocalUsers.ByUser NONE =
      new LocalUsers.ByUser("", Cases.search("ex.example"));

  @TempDir Path directory;

  private final InstantSource clock = InstantSource.fixed(Letters.ARRIVED);
  private Path table = Path.of("");
  private Path open = Path.of("");
  private String template = "mail/%d/%u/Maildir/";
  private String operators = "nobody";
  private long largest;
  private boolean strict = true;
  private Bodies bodies =
      _ -> {
        throw new IOException("nothing is stored");
      };

  @BeforeEach
  void aPlaceThatEverybodyMayWriteTo() throws IOException {
    boolean root = System.getProperty("user.name").equals("root");
    if (!root) {
      System.out.println("SKIPPED: only root can take other users' rights");
    }
    Assumptions.assumeTrue(root, "SKIPPED: only root can take other users' rights");
    mode(directory, "rwxr-xr-x");
    open = mode(Files.createDirectory(directory.resolve("open")), "rwxrwxrwx");
    table = Files.writeString(directory.resolve("aliases"), "");
  }

  /// Whose a file becomes, by whose the table is and whose a list is that the table names.
  @ParameterizedTest
  @CsvSource({
    "root, root, nobody, nobody",
    "root, bin, nobody, bin",
    "daemon, root, daemon, daemon",
    "daemon, bin, daemon, daemon",
  })
  void aFileIsWrittenAsWhoeverSaysSo(String tables, String lists, String named, String listed)
      throws Exception {
    Path list = Files.writeString(directory.resolve("list"), open + "/listed\n");
    alias(
        "file: %s/named\nlist: :include:%s\ndir: %s/dir/\nprog: \"|id -un > '%s/said'\"\n"
            .formatted(open, list, open, open));
    owned(table, tables);
    owned(list, lists);
    for (String user : List.of("file", "list", "dir", "prog", "file")) {
      assertDelivered(deliver(user));
    }
    assertOwned(open.resolve("named"), named);
    assertOwned(open.resolve("listed"), listed);
    assertOwned(open.resolve("dir/new"), named);
    assertOwned(open.resolve("said"), named);
    assertThat(open.resolve("said")).hasContent(named);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open.resolve("named"))))
        .isEqualTo("rw-------");
    assertThat(open.resolve("named"))
        .content()
        .matches("(?s)(From joe@far.example  [^\n]*\nReturn-Path: <joe@far.example>\n.*\n\n){2}");
    assertThat(open.resolve("named.lock")).doesNotExist();
  }

  @Test
  void aUsersForwardFileIsDoneAsTheUser() throws Exception {
    Path list = owned(Files.writeString(open.resolve("list"), open + "/listed\n"), "bin");
    forward(
        "daemon",
        "%s/file, %s/dir/, \"|id -un > '%s/said'\", :include:%s".formatted(open, open, open, list));
    assertDelivered(deliver("Daemon+x"));
    for (String name : List.of("file", "dir", "dir/new", "said", "listed")) {
      assertOwned(open.resolve(name), "daemon");
    }
    // what he may not read himself is not read for him
    mode(list, "rw-------");
    assertDeferred(deliver("daemon"), "cannot be read");
  }

  @Test
  void aForwardFileIsReadAsTheUser() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "hidden@far.example\n");
    mode(secret, "rw-------");
    Path home = Files.createDirectories(directory.resolve("mail/ex.example/daemon"));
    Files.createSymbolicLink(home.resolve(".forward"), secret);
    TaskOutcome outcome = delivery().deliver(Letters.to("daemon@ex.example"));
    assertThat(outcome.onward()).isEmpty();
    assertDeferred(outcome.results().getFirst().attempt(), "cannot be read");
  }

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
  void aCommandHasTheEnvironmentThatPostfixGivesIt() throws Exception {
    alias("prog: \"|env > " + open + "/env\"\n");
    assertDelivered(deliver("prog"));
    assertThat(environment())
        .contains("USER=prog", "LOGNAME=prog", "LOCAL=prog", "RECIPIENT=prog@ex.example")
        .contains("SENDER=joe@far.example", "DOMAIN=ex.example", "PATH=/usr/bin:/bin")
        .noneMatch(line -> line.matches("(HOME|SHELL|EXTENSION|SASL_.*|ENVID)=.*"));
    forward("daemon", "\"|env > " + open + "/env2; cp " + open + "/env2 " + open + "/env3\"");
    Files.delete(open.resolve("env"));
    assertDelivered(deliver("daemon+x'y"));
    Files.move(open.resolve("env3"), open.resolve("env"));
    assertThat(environment())
        .contains("HOME=/usr/sbin", "SHELL=/usr/sbin/nologin", "USER=daemon", "EXTENSION=x_y");
  }

  private List<String> environment() throws IOException {
    return Files.readAllLines(open.resolve("env"));
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

  private void alias(String lines) throws IOException {
    Files.writeString(table, lines);
  }

  private void forward(String user, String lines) throws IOException {
    Path home = Files.createDirectories(directory.resolve("mail/ex.example/" + user));
    owned(Files.writeString(home.resolve(".forward"), lines + "\n"), user);
  }

  private static Path owned(Path path, String user) throws IOException {
    var users = path.getFileSystem().getUserPrincipalLookupService();
    return Files.setOwner(path, users.lookupPrincipalByName(user));
  }

  private static void assertOwned(Path path, String user) throws IOException {
    assertThat(Files.getOwner(path)).hasToString(user);
  }

  private static Path mode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void assertDelivered(Attempt attempt) {
    assertThat(attempt).isInstanceOf(Attempt.Delivered.class);
  }

  private static void assertDeferred(Attempt attempt, String why) {
    assertThat(attempt)
        .isInstanceOfSatisfying(
            Attempt.Deferred.class, d -> assertThat(d.reason().text()).contains(why));
  }

  private Attempt deliver(String user) {
    return delivery().deliver(Letters.to(user + "@ex.example")).results().getFirst().attempt();
  }

  private LocalDelivery delivery() {
    var extensions = new Extensions("+");
    return new LocalDelivery(
        directory,
        template,
        new MailboxRules(LocalDeliveryTest.QUICK, largest, strict, true),
        new LocalUsers(
            Cases.search("ex.example"),
            extensions,
            NONE,
            NONE,
            NONE,
            true,
            new CatchAll(""),
            Set.of("drop")),
        new Aliases(
            Tables.aliases(List.of("hash:" + table), clock, Aliases.values()),
            new Forward(directory, new ForwardPath("mail/%d/%u/.forward"), extensions, true),
            extensions,
            new Origin(new Domain("ex.example")),
            new Resolution(Set.of(new Domain("ex.example"))),
            Set.of(),
            EVERYWHERE,
            EVERYWHERE,
            false,
            false,
            true),
        new DeliveryIdentity(true, operators),
        new Programs(Duration.ofSeconds(20), Map.of()),
        new Forwarding(
            UnaryOperator.identity(), new QueueIds(clock, 1), "mx.ex.example", true, clock),
        Set.of("command", "file"),
        "mx.ex.example",
        stored -> bodies.open(stored),
        clock);
  }
}
