package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.ExpansionSettings;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.config.Size;
import org.caravanmta.delivery.mailbox.LockSettings;
import org.caravanmta.delivery.mailbox.MailboxLock;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.mailbox.MailboxSettings;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDeliveryTest {
  private final InstantSource clock = InstantSource.fixed(Letters.ARRIVED);
  private @TempDir Path directory = Path.of("");
  static final MailboxLock QUICK =
      new MailboxLock(new LockSettings(true, 3, Duration.ofMillis(10), Duration.ofSeconds(500)));
  static final MailboxRules RULES = rules(QUICK, 0, true, true);

  static MailboxRules rules(MailboxLock lock, long largest, boolean strict, boolean originals) {
    var own =
        new MailboxSettings(
            new LockSettings(true, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            new Size(0),
            strict);
    return new MailboxRules(lock, own, largest, originals);
  }

  private MailboxLock lock = QUICK;
  private String template = "mail/%d/%u/Maildir/";
  private boolean originals = true;
  private boolean root;
  private long largest = 450;
  private Bodies bodies =
      stored -> new ByteArrayInputStream("from\r\nthe store\r".getBytes(StandardCharsets.US_ASCII));

  @Test
  void aMessageIsInNewWithItsTraceAndUnixLineEnds() throws IOException {
    Mail mail =
        Letters.letter("Subject: x\r\n", "one\r\n\r\ntwo\r\n.three", "Ann+lists@EX.example");
    mail =
        mail.with(
            List.of(
                Recipient.of(Address.parse("info@va.example"))
                    .to(Address.parse("Ann+lists@EX.example"))));
    assertThat(attempt(mail)).isEqualTo(new Attempt.Delivered("delivered to maildir", "local"));
    Path maildir = directory.resolve("mail/ex.example/ann/Maildir");
    assertThat(messages(maildir))
        .containsExactly(
            """
            Return-Path: <joe@far.example>
            X-Original-To: info@va.example
            Delivered-To: Ann+lists@EX.example
            Subject: x

            one

            two
            .three
            """);
    assertThat(files(maildir.resolve("tmp"))).isEmpty();
    for (Path path = maildir.resolve("cur"); !path.equals(directory); path = path.getParent()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void binaryContentDoesNotSurviveHereAndFails() throws IOException {
    Mail mail = Letters.to("ann@ex.example");
    Envelope e = mail.envelope();
    var binary =
        new MailOptions(
            Optional.of(MailOptions.Body.BINARYMIME), false, Optional.empty(), Optional.empty());
    var envelope = e.with(binary);
    assertThat(attempt(mail.with(envelope)))
        .isEqualTo(
            new Attempt.Failed(
                Reason.of("5.6.3", "binary content cannot be delivered to maildir")));
  }

  @Test
  void namesAreUniqueWithinTheSameMicrosecond() throws IOException {
    for (int i = 0; i < 20; i++) {
      attempt(Letters.to("ann@ex.example"));
    }
    Path maildir = directory.resolve("mail/ex.example/ann/Maildir");
    assertThat(files(maildir.resolve("new")))
        .hasSize(20)
        .allMatch(f -> f.getFileName().toString().endsWith(".host\\057a"));
  }

  @Test
  void storedContentIsCopiedAndAPartOfItIsNot() throws IOException {
    Mail mail = Letters.to("ann@ex.example");
    attempt(mail.with((Content) new Content.Stored("ref", 16, 0)));
    Path maildir = directory.resolve("mail/ex.example/ann/Maildir");
    assertThat(messages(maildir).getFirst()).endsWith("\n\nfrom\nthe store\r\n");
    assertThat(attempt(mail.with((Content) new Content.Stored("ref", 17, 0))))
        .isInstanceOf(Attempt.Deferred.class);
    bodies =
        stored -> {
          throw new IOException("checksum");
        };
    assertThat(attempt(mail.with((Content) new Content.Stored("ref", 16, 0))))
        .isInstanceOf(Attempt.Deferred.class);
    assertThat(messages(maildir)).hasSize(1);
    assertThat(files(maildir.resolve("tmp"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"../../etc\"@ex.example",
        "\"a/b\"@ex.example",
        "\".hidden\"@ex.example",
        "\"\"@ex.example",
        "\"a..b\"@ex.example",
        "ann@[../x]"
      })
  void anAddressThatWouldLeadElsewhereIsNobodys(String address) throws IOException {
    Mail mail = Letters.to("ann@ex.example").with(List.of(Recipient.of(Address.parse(address))));
    assertThat(attempt(mail))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            f -> assertThat(f.reason().status().toString()).isEqualTo("5.1.1"));
    assertThat(files(directory)).isEmpty();
  }

  @Test
  void aLoopIsSeen() {
    Mail mail =
        Letters.to("ann@ex.example")
            .with(
                Headers.parse(
                    "Delivered-To: Ann@EX.example\r\n".getBytes(StandardCharsets.US_ASCII)));
    assertThat(attempt(mail))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            f -> assertThat(f.reason().status().toString()).isEqualTo("5.4.6"));
  }

  @Test
  void aMailboxThatCannotBeWrittenDefers() throws IOException {
    Files.writeString(directory.resolve("mail"), "a file is in the way");
    assertThat(attempt(Letters.to("ann@ex.example")))
        .isInstanceOfSatisfying(
            Attempt.Deferred.class,
            d -> assertThat(d.reason().text()).startsWith("maildir delivery failed: "));
  }

  @Test
  void oneRecipientDoesNotDecideForAnother() {
    var outcome = delivery().deliver(Letters.to("ann@ex.example", "bob@ex.example"));
    assertThat(outcome.results()).hasSize(2).allMatch(r -> r.relay().equals("local"));
  }

  @Test
  void withoutOriginalRecipientsACopyDoesNotSayWhomItWasFor() throws IOException {
    originals = false;
    attempt(Letters.to("ann@ex.example"));
    assertThat(messages(directory.resolve("mail/ex.example/ann/Maildir")).getFirst())
        .startsWith("Return-Path: <joe@far.example>\nDelivered-To: ann@ex.example\n");
  }

  @Test
  void aMailboxMayBeAFile() throws IOException {
    template = "spool/%u";
    Mail mail = Letters.letter("Subject: x\r\n", "From here\r\non\r\n", "ann@ex.example");
    assertThat(attempt(mail)).isEqualTo(new Attempt.Delivered("delivered to mailbox", "local"));
    assertThat(attempt(mail)).isInstanceOf(Attempt.Delivered.class);
    Path mailbox = directory.resolve("spool/ann");
    assertThat(Files.readString(mailbox))
        .matches(
            "(?s)(From joe@far.example  [A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d"
                + " \\d{4}\nReturn-Path: <joe@far.example>\n"
                + "X-Original-To: ann@ex.example\nDelivered-To: ann@ex.example\n"
                + "Subject: x\n\n>From here\non\n\n){2}");
    assertThat(files(directory.resolve("spool"))).containsExactly(mailbox);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mailbox)))
        .isEqualTo("rw-------");
  }

  @Test
  void aMailboxWithoutRoomKeepsWhatItHas() throws IOException {
    template = "spool/%u";
    attempt(Letters.to("ann@ex.example"));
    byte[] before = Files.readAllBytes(directory.resolve("spool/ann"));
    assertThat(attempt(Letters.letter("Subject: x\r\n", "x".repeat(400), "ann@ex.example")))
        .isInstanceOfSatisfying(
            Attempt.Failed.class, f -> assertThat(f.reason().status()).hasToString("5.2.2"));
    assertThat(directory.resolve("spool/ann")).hasBinaryContent(before);
  }

  @Test
  void aLockFileIsWaitedForUntilItIsOld() throws IOException {
    template = "spool/%u";
    attempt(Letters.to("ann@ex.example"));
    Path held = Files.createFile(directory.resolve("spool/ann.lock"));
    Files.setLastModifiedTime(held, FileTime.from(clock.instant()));
    assertDeferredAsLocked();
    assertThat(held).exists();
    Files.setLastModifiedTime(held, FileTime.from(clock.instant().minusSeconds(501)));
    assertThat(attempt(Letters.to("ann@ex.example"))).isInstanceOf(Attempt.Delivered.class);
    assertThat(held).doesNotExist();
  }

  @Test
  void theSystemsLockIsWaitedForToo() throws IOException {
    template = "spool/%u";
    attempt(Letters.to("ann@ex.example"));
    try (var other = FileChannel.open(directory.resolve("spool/ann"), StandardOpenOption.WRITE);
        var _ = other.lock()) {
      assertDeferredAsLocked();
    }
    assertThat(attempt(Letters.to("ann@ex.example"))).isInstanceOf(Attempt.Delivered.class);
  }

  private void assertDeferredAsLocked() {
    assertThat(attempt(Letters.to("ann@ex.example")))
        .isInstanceOfSatisfying(
            Attempt.Deferred.class,
            d -> {
              assertThat(d.reason().status()).hasToString("4.2.0");
              assertThat(d.reason().text()).contains("is locked by somebody else");
            });
  }

  @Test
  void manyAtATimeDoNotMingle() throws Exception {
    template = "spool/%u";
    largest = 0;
    lock =
        new MailboxLock(
            new LockSettings(true, 1000, Duration.ofMillis(5), Duration.ofSeconds(500)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Attempt>>();
      for (int i = 0; i < 24; i++) {
        String line = String.valueOf((char) ('a' + i)).repeat(70) + "\r\n";
        Mail mail = Letters.letter("Subject: x\r\n", line.repeat(400), "ann@ex.example");
        all.add(threads.submit(() -> attempt(mail)));
      }
      for (Future<Attempt> one : all) {
        assertThat(one.get()).isInstanceOf(Attempt.Delivered.class);
      }
    }
    String mailbox = Files.readString(directory.resolve("spool/ann"));
    for (int i = 0; i < 24; i++) {
      String line = String.valueOf((char) ('a' + i)).repeat(70) + "\n";
      assertThat(mailbox).contains("\n\n" + line.repeat(400) + "\n");
    }
  }

  @Test
  void asRootAMailboxBecomesTheUsers() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root can give files away");
    root = true;
    template = "spool/%u";
    attempt(Letters.to("daemon@ex.example"));
    assertThat(Files.getOwner(directory.resolve("spool/daemon"))).hasToString("daemon");
    Files.createSymbolicLink(directory.resolve("spool/bin"), directory.resolve("spool/daemon"));
    assertThat(attempt(Letters.to("bin@ex.example"))).isInstanceOf(Attempt.Deferred.class);
    Files.createLink(directory.resolve("spool/games"), directory.resolve("spool/daemon"));
    assertThat(attempt(Letters.to("games@ex.example"))).isInstanceOf(Attempt.Deferred.class);
    // a directory of somebody else's, in which a link may be put any time
    Files.setAttribute(directory.resolve("spool"), "unix:uid", 1234);
    assertThat(attempt(Letters.to("mail@ex.example"))).isInstanceOf(Attempt.Deferred.class);
  }

  private Attempt attempt(Mail mail) {
    return delivery().deliver(mail).results().getFirst().attempt();
  }

  private static final LocalUsers.ByUser NONE =
      new LocalUsers.ByUser("", Cases.search("ex.example"));

  private LocalDelivery delivery() {
    return new LocalDelivery(
        directory,
        template,
        rules(lock, largest, true, originals),
        new LocalUsers(
            Cases.search("ex.example"),
            new Extensions("+"),
            NONE,
            NONE,
            NONE,
            true,
            new CatchAll(""),
            Set.of("drop")),
        new Aliases(
            new SearchPath(List.of()),
            new Forward(directory, new ForwardPath(""), new Extensions("+"), root),
            new Extensions("+"),
            new Origin(new Domain("ex.example")),
            new Resolution(Set.of(new Domain("ex.example"))),
            Set.of(),
            new ExpansionSettings(List.of(), false, false, "", List.of(), List.of(), true)),
        new DeliveryIdentity(root, ""),
        new Programs(Duration.ofSeconds(10), Map.of()),
        new Forwarding(UnaryOperator.identity(), new QueueIds(clock, 1), "host/a", true, clock),
        Set.of("command", "file"),
        "host/a",
        stored -> bodies.open(stored),
        clock);
  }

  private static List<String> messages(Path maildir) throws IOException {
    return files(maildir.resolve("new")).stream().map(LocalDeliveryTest::read).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
