package org.caravanmta.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of posted mail, with a list in place of the queues.
class CollectorTest {
  private static final String LETTER = "Subject: x\nBcc: eve\n\nhello\n";

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-08-25T10:00:00Z");
  private final InstantSource clock = () -> now;
  private final List<Task> queued = new ArrayList<>();
  private Maildrop maildrop;
  private ContentStore store;
  private Posts posts;
  private Collector collector;
  private Verdict verdict = Verdict.UNDECIDED;

  @BeforeEach
  void open() throws IOException {
    maildrop = new Maildrop(directory.resolve("maildrop"));
    store = ContentStore.open(directory.resolve("content"));
    posts =
        new Posts(
            new CollectionSettings(
                "mx.example", new Origin(new Domain("a.example")), 200_000, 10_000, 2, 1000),
            store,
            CollectorTest::known,
            (recipient, _) -> Reason.of("2.1.5", "would go to " + recipient),
            new QueueIds(clock, 1),
            clock);
    collector = new Collector(maildrop, posts, store, clock);
    collector.open();
  }

  @Test
  void aPostedMessageIsCompletedAndQueued() throws Exception {
    post(posting("joe", "ann", "bob@b.example"), LETTER);

    assertThat(collect()).isEqualTo(1);

    Mail mail = (Mail) only("routing");
    assertThat(mail.headers().toString().replaceAll("userid \\d+", "userid N"))
        .isEqualTo(
            ("""
            Received: by mx.example (Caravan, from userid N)
            \tid %1$s; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            Subject: x
            Bcc: eve
            Message-Id: <%1$s@mx.example>
            Date: Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            From: Joe User <joe@a.example>
            """)
                .formatted(mail.id())
                .replace("\n", "\r\n"));
    assertThat(((Content.Inline) mail.content()).bytes()).isEqualTo("hello\r\n".getBytes(UTF_8));
    assertThat(mail.recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("ann@a.example", "bob@b.example");
    assertThat(mail.envelope().client().trusted()).isTrue();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void theParametersOfReportsGoWithIt() throws Exception {
    var parameters =
        new MailOptions(
            Optional.of(MailOptions.Body.EIGHTBITMIME),
            false,
            Optional.of(MailOptions.Ret.HDRS),
            Optional.of("Q+2B1"));
    var posting =
        new Posting(
            "", "", List.of("ann"), Optional.of(Posting.notifyOf("delay,failure")), parameters);
    post(posting, LETTER);
    collect();
    Mail mail = (Mail) only("routing");
    assertThat(mail.envelope().parameters()).isEqualTo(parameters);
    assertThat(mail.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(mail.recipients().getFirst().notifyOn().orElseThrow().events())
        .containsExactlyInAnyOrder(Notify.Event.DELAY, Notify.Event.FAILURE);
    assertThat(mail.headers().first("From").orElseThrow().value())
        .isEqualTo("MAILER-DAEMON@a.example");
  }

  /// A program cannot say that its mail is internationalized (RFC 6531): it is seen.
  @ParameterizedTest
  @CsvSource({
    "joe, ann, Subject: plain, false",
    "joe, ann, Subject: gr\u00fc\u00dfe, true",
    "joe, \u041f\u0440\u0438\u0432\u0435\u0442@b.example, Subject: plain, true",
    "jos\u00e9, ann, Subject: plain, true",
    "joe, b\u00fccher@b\u00fccher.example, Subject: plain, true",
  })
  void internationalizedMailIsMarked(String sender, String recipient, String field, boolean marked)
      throws Exception {
    post(
        new Posting(sender, "", List.of(recipient), Optional.empty(), MailOptions.NONE),
        field + "\n\nhello \u00e9\n");
    collect();
    assertThat(((Mail) only("routing")).envelope().parameters().smtputf8()).isEqualTo(marked);
  }

  @Test
  void bytesThatAreNotUtf8MakeNoMailInternationalized() throws Exception {
    put(posting("joe", "ann"), "Subject: gr\u00fc\u00dfe\r\n\r\nhello\r\n".getBytes(ISO_8859_1));
    collect();
    assertThat(((Mail) only("routing")).envelope().parameters().smtputf8()).isFalse();
  }

  @Test
  void whatIsRejectedIsReportedToTheSender() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(posting("joe", "ann", "bob"), LETTER);
    assertThat(collect()).isEqualTo(1);
    Notice notice = (Notice) only("report");
    assertThat(notice.action()).isEqualTo(Notice.Action.FAILED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.address() + " " + r.last().orElseThrow().text())
        .containsExactly("ann@a.example no such talk", "bob@a.example no such talk");
    assertThat(notice.mail().envelope().parameters().ret()).contains(MailOptions.Ret.HDRS);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aVerificationDeliversNothingAndTellsOfAll() throws Exception {
    post(verification("joe", "ann", "nobody"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    Notice notice = (Notice) only("report");
    assertThat(notice.action()).isEqualTo(Notice.Action.VERIFIED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.last().orElseThrow().status() + " " + r.last().orElseThrow().text())
        .containsExactly("2.1.5 would go to ann@a.example", "5.1.1 User unknown");
    assertThat(waiting()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void aVerificationOfWhatIsRejectedSaysSo() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(verification("joe", "ann"), LETTER);
    collect();
    Notice notice = (Notice) only("report");
    assertThat(notice.mail().recipients().getFirst().last().orElseThrow().text())
        .isEqualTo("no such talk");
  }

  @Test
  void aVerificationThatCannotBeMadeNowStays() throws Exception {
    verdict = new Verdict.Defer(Reply.of(451, "4.3.0", "later"));
    post(verification("joe", "ann"), LETTER);
    assertThat(collect()).isZero();
    assertThat(queued).isEmpty();
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void aVerificationForNobodyIsDropped() throws Exception {
    post(verification("", "ann"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void whatIsRejectedWithoutAReversePathIsDropped() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(posting("", "ann"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void whoDoesNotExistIsReportedAndTheOthersGetTheirMail() throws Exception {
    post(posting("joe", "ann", "nobody", "bob"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).extracting(Task::queue).containsExactly("routing", "report");
    Mail mail = (Mail) queued.getFirst().body();
    Notice notice = (Notice) queued.getLast().body();
    assertThat(mail.recipients()).extracting(r -> r.address().localPart()).contains("ann", "bob");
    assertThat(notice.mail().recipients())
        .extracting(Recipient::address)
        .extracting(Object::toString)
        .containsExactly("nobody@a.example");
    // each holds the body under a name of its own, and nobody else does
    assertThat(stored())
        .containsExactlyInAnyOrder(ref(mail.content()), ref(notice.mail().content()));
  }

  @Test
  void heldMailIsHeldAndDiscardedMailIsDropped() throws Exception {
    verdict = new Verdict.Hold("look at it");
    post(posting("joe", "ann"), LETTER);
    collect();
    assertThat(only("hold")).isInstanceOf(Mail.class);
    queued.clear();
    verdict = new Verdict.Discard("away");
    post(posting("joe", "ann"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void deferredMailStaysAndIsTriedAgainAMinuteLater() throws Exception {
    verdict = new Verdict.Defer(Reply.of(451, "4.3.0", "later"));
    post(posting("joe", "ann"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isZero();
    assertThat(stored()).isEmpty();
    verdict = Verdict.UNDECIDED;
    assertThat(collect()).isZero();
    assertThat(waiting()).hasSize(1);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collect()).isEqualTo(1);
    assertThat(waiting()).isEmpty();
    assertThat(stored()).hasSize(1);
  }

  @Test
  void whatNoQueueHasStays() throws Exception {
    post(posting("joe", "ann"), LETTER);
    // a route without a queue, a route that breaks, a route that forgets to settle
    assertThat(collector.collect(posts::settle, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    Collector.Route broken =
        message -> {
          throw new IllegalStateException("a bug");
        };
    assertThat(collector.collect(broken, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collector.collect(message -> message, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collect()).isEqualTo(1);
  }

  @Test
  void brokenFilesAreSetAside() throws Exception {
    Path whole = post(posting("joe", "ann"), LETTER);
    byte[] bytes = Files.readAllBytes(whole);
    bytes[bytes.length - 3] ^= 1;
    Files.write(file("flipped"), bytes);
    bytes[bytes.length - 3] ^= 1;
    Files.write(file("short"), java.util.Arrays.copyOf(bytes, bytes.length - 1));
    Files.writeString(file("note"), "buy milk\n");
    Files.writeString(file("empty"), "");
    Files.createSymbolicLink(file("link"), file("note"));
    Files.createDirectory(file("directory"));
    raw("bare-lf", posting("joe", "ann"), "Subject: x\r\n\r\nhello\n.\nMAIL FROM:<>\r\n");
    raw("no-end", posting("joe", "ann"), "Subject: x\r\n\r\nhello");
    raw("bad-address", posting("joe", "ann bob"), "Subject: x\r\n\r\n");

    assertThat(collect()).isEqualTo(1);
    assertThat(waiting()).isEmpty();
    try (var aside = Files.list(maildrop.directory().resolve("corrupt"))) {
      assertThat(aside.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "flipped",
              "short",
              "note",
              "empty",
              "link",
              "directory",
              "bare-lf",
              "no-end",
              "bad-address");
    }
  }

  @Test
  void aFileThatIsStillCopiedIsNoBrokenOne() throws Exception {
    Path copied = post(posting("joe", "ann"), LETTER);
    byte[] whole = Files.readAllBytes(copied);
    Files.write(copied, java.util.Arrays.copyOf(whole, whole.length / 2));
    now = Instant.now();
    assertThat(collect()).isZero();
    assertThat(waiting()).containsExactly(copied);
    Files.write(copied, whole);
    now = now.plusSeconds(3);
    assertThat(collect()).isEqualTo(1);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void tooLargeAndLoopingMailIsReported() throws Exception {
    post(posting("joe", "ann"), LETTER + ("x".repeat(99) + "\n").repeat(2500));
    post(posting("joe", "ann"), "Received: a\nReceived: b\n" + LETTER);
    assertThat(collect()).isEqualTo(2);
    assertThat(queued)
        .extracting(task -> ((Notice) task.body()).mail().recipients().getFirst().last().get())
        .extracting(reason -> reason.status() + " " + reason.text())
        .containsExactlyInAnyOrder(
            "5.3.4 Message size exceeds fixed limit", "5.4.0 Error: too many hops");
  }

  @Test
  void aDraftIsNotCollectedAndForsakenOnesAreRemoved() throws Exception {
    Draft draft = maildrop.begin(posting("joe", "ann"));
    draft.write(LETTER.getBytes(UTF_8));
    assertThat(collect()).isZero();
    now = Instant.now().plus(Duration.ofDays(2));
    collector.open();
    try (var left = Files.list(maildrop.directory())) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly("corrupt");
    }
    draft.close();
  }

  @Test
  void aDirectoryThatLeaksIsRefused() throws Exception {
    permissions("rwxr-xr-x");
    assertThatThrownBy(() -> collector.open()).hasMessageContaining("has the mode 755");
    assertThatThrownBy(() -> maildrop.begin(posting("joe", "ann")))
        .hasMessageContaining("see each other's mail");
    mode(0730);
    assertThatThrownBy(() -> collector.open()).hasMessageContaining("remove each other's mail");
    mode(01730);
    assertThatThrownBy(() -> collector.open()).hasMessageContaining("could not read");
    mode(03770);
    assertThatThrownBy(() -> collector.open()).hasMessageContaining("see each other's mail");
    mode(0710);
    collector.open();
    assertThatThrownBy(() -> new Maildrop(directory.resolve("none")).begin(posting("joe", "ann")))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
  }

  @Test
  void whereOthersMayPostTheServersGroupMayRead() throws Exception {
    mode(03730);
    collector.open();
    Path file = post(posting("joe", "ann"), LETTER);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(collect()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sender joe\rRSET\nrecipient ann\n",
        "sender joe\u0085x\nrecipient ann\n",
        "sender joe\nrecipient ann\u001b[2J@b.example\n",
        "sender joe\nname J\u2028From: x\nrecipient ann\n",
        "sender joe\nname J\u0090x\nrecipient ann\n",
        "sender joe\nenvid a b\nrecipient ann\n",
        "sender joe\nenvid a=b\nrecipient ann\n",
        "sender joe\nenvid a+2\nrecipient ann\n",
        "sender joe\nenvid a+0D+0AQUIT\nrecipient ann\n",
        "sender joe\nenvid \u00e9\nrecipient ann\n",
        "sender joe\nbody BINARYMIME\nrecipient ann\n",
        "sender joe\nbody 9BIT\nrecipient ann\n",
        "sender joe\nrecipient \n",
        "sender joe\n",
        "recipient ann\n",
        "sender joe\nowner root\nrecipient ann\n",
        "sender joe\nrecipient\n"
      })
  void anEnvelopeThatTheCommandWouldNotWriteIsNoneOfOurs(String envelope) throws Exception {
    byHand("x", envelope.getBytes(UTF_8));
    assertThat(collect()).isZero();
    assertThat(aside()).containsExactly("x");
    assertThat(queued).isEmpty();
  }

  @Test
  void anEnvelopeInAnotherEncodingIsNoneOfOurs() throws Exception {
    byHand("x", "sender jos\u00e9\nrecipient ann\n".getBytes(ISO_8859_1));
    byHand("y", "sender jos\u00e9\nname \u5f20\nenvid a+2Bb\nrecipient ann\n".getBytes(UTF_8));
    assertThat(collect()).isEqualTo(1);
    assertThat(aside()).containsExactly("x");
  }

  @Test
  void aFileIsNotReadForWhatItOnlyClaimsToHold() throws Exception {
    long huge = 1L << 40;
    try (var sparse = new RandomAccessFile(file("sparse").toFile(), "rw")) {
      sparse.write("caravan-maildrop 1 %012d %08x\n".formatted(huge - 41, 0).getBytes(UTF_8));
      sparse.setLength(huge);
    }
    Files.writeString(file("claims"), "caravan-maildrop 1 %012d %08x\nsender".formatted(huge, 0));
    assertTimeoutPreemptively(Duration.ofSeconds(60), this::collect);
    assertThat(aside()).containsExactlyInAnyOrder("claims", "sparse");
  }

  @Test
  void whatLiesThereIsListedWithTheReason() throws Exception {
    verdict = new Verdict.Defer(Reply.of(451, "4.3.0", "the table is away"));
    post(posting("joe", "ann"), LETTER);
    Files.writeString(file("new\nline \u009b31m"), "buy milk\n");
    collect();
    post(posting("jim", "ann"), LETTER);
    assertThat(collector.waiting())
        .extracting(Collector.Waiting::sender, Collector.Waiting::why, Collector.Waiting::aside)
        .containsExactlyInAnyOrder(
            tuple("joe", "451 4.3.0 the table is away", false),
            tuple("jim", "", false),
            tuple(
                "uid " + Files.getAttribute(maildrop.directory(), "unix:uid"),
                "is not a message of ours",
                true));
    assertThat(collector.waiting())
        .extracting(Collector.Waiting::name)
        .anyMatch(name -> name.equals("new?line ?31m"));
    assertThat(collector.waiting()).allMatch(waiting -> waiting.size() > 0);
  }

  @Test
  void aFileWhoseMessageTheQueuesHaveIsNotCollectedTwiceThoughItCannotBeRemoved() throws Exception {
    Path file = post(posting("joe", "ann"), LETTER);
    var passed = new ArrayList<String>();
    Collector.Route route =
        message -> {
          passed.add(message.mail().id());
          // in its place what cannot be removed
          Files.delete(file);
          Files.createFile(Files.createDirectory(file).resolve("x"));
          return new Settled(List.of(), false, true, "");
        };
    collector.collect(route, () -> false);
    now = now.plus(Duration.ofMinutes(2));
    collector.collect(route, () -> false);
    assertThat(passed).hasSize(1);
    assertThat(collector.waiting())
        .extracting(Collector.Waiting::why)
        .allMatch(why -> why.startsWith("is in the queues, and cannot be removed"));

    Files.delete(file.resolve("x"));
    now = now.plus(Duration.ofMinutes(2));
    assertThat(collector.collect(route, () -> false)).isEqualTo(1);
    assertThat(waiting()).isEmpty();
    assertThat(passed).hasSize(1);
  }

  @Test
  void whatRootPostsTheServersGroupMayRead() throws Exception {
    assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "SKIPPED: root posts");
    Files.setAttribute(maildrop.directory(), "unix:uid", 4711);
    Files.setAttribute(maildrop.directory(), "unix:gid", 4712);
    Path file = post(posting("joe", "ann"), LETTER);
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4712);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void mailOfOthersIsHandedOnAsItIs() throws Exception {
    var relayed =
        new Posting(
            "joe@far.example",
            "Joe User",
            List.of("ann"),
            Optional.empty(),
            MailOptions.NONE,
            Posting.Purpose.RELAYED);
    post(relayed, "Subject: x\nBcc: eve\n\nhello\n");
    assertThat(collect()).isEqualTo(1);
    var mail = (Mail) only("routing");
    assertThat(mail.headers().fields())
        .extracting(Headers.Field::name)
        .containsExactly("Received", "Subject", "Bcc");
    assertThat(mail.envelope().client().isPosted()).isFalse();
  }

  @Test
  void whatNobodyCanTellAboutARecipientNowWaitsInAQueue() throws Exception {
    post(posting("joe", "ann", "unclear", "nobody"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(((Mail) queued.getFirst().body()).recipients())
        .extracting(r -> r.address().localPart())
        .containsExactly("ann", "unclear");
  }

  private void mode(int mode) throws IOException {
    Files.setAttribute(maildrop.directory(), "unix:mode", mode);
  }

  private void permissions(String mode) throws IOException {
    Files.setPosixFilePermissions(maildrop.directory(), PosixFilePermissions.fromString(mode));
  }

  private int collect() throws IOException {
    return collector.collect(
        message -> {
          Case asked = message.open() ? message.decided(verdict) : message;
          var handover = posts.settle(asked);
          for (String queue : List.of("routing", "hold", "report")) {
            queued.addAll(handover.tasks(queue));
            handover = handover.kept(queue);
          }
          return handover;
        },
        () -> false);
  }

  private static Case known(Case question) {
    return switch (((Case.Rcpt) question).recipient().localPart()) {
      case "nobody" -> question.decided(new Verdict.Reject(Reply.of(550, "5.1.1", "User unknown")));
      case "unclear" -> question.decided(new Verdict.Defer(Reply.of(451, "4.3.0", "retry")));
      default -> question;
    };
  }

  private static Posting posting(String sender, String... recipients) {
    return new Posting(
        sender,
        sender.isEmpty() ? "" : "Joe User",
        List.of(recipients),
        Optional.empty(),
        MailOptions.NONE);
  }

  private static Posting verification(String sender, String... recipients) {
    return new Posting(
        sender,
        "",
        List.of(recipients),
        Optional.empty(),
        MailOptions.NONE,
        Posting.Purpose.VERIFICATION);
  }

  /// As the command does.
  private Path post(Posting posting, String letter) throws IOException {
    try (var manuscript =
        new SendmailInput(new ByteArrayInputStream(letter.getBytes(UTF_8)), true)) {
      return put(posting, manuscript.readAllBytes());
    }
  }

  /// As a user may who writes files by hand.
  private void raw(String name, Posting posting, String content) throws IOException {
    Files.move(put(posting, content.getBytes(UTF_8)), file(name));
  }

  private Path put(Posting posting, byte[] content) throws IOException {
    List<Path> before = waiting();
    try (Draft draft = maildrop.begin(posting)) {
      draft.write(content);
      maildrop.finish(List.of(draft));
    }
    List<Path> after = new ArrayList<>(waiting());
    after.removeAll(before);
    Path file = after.getFirst();
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(now));
    return file;
  }

  private List<Path> waiting() throws IOException {
    return maildrop.waiting();
  }

  private Path file(String name) {
    return maildrop.directory().resolve(name);
  }

  /// As a user may who counts and sums himself.
  private void byHand(String name, byte[] envelope) throws IOException {
    var rest = new ByteArrayOutputStream();
    rest.writeBytes(envelope);
    rest.writeBytes("\nSubject: x\r\n\r\n".getBytes(UTF_8));
    var crc = new CRC32C();
    crc.update(rest.toByteArray());
    var all = new ByteArrayOutputStream();
    all.writeBytes(
        "caravan-maildrop 1 %012d %08x\n".formatted(rest.size(), crc.getValue()).getBytes(UTF_8));
    all.writeBytes(rest.toByteArray());
    Files.write(file(name), all.toByteArray());
  }

  private List<String> aside() throws IOException {
    return maildrop.setAside().stream().map(file -> file.getFileName().toString()).toList();
  }

  private Object only(String queue) {
    assertThat(queued).extracting(Task::queue).containsExactly(queue);
    return queued.getFirst().body();
  }

  private static String ref(Content content) {
    return ((Content.Stored) content).ref();
  }

  private List<String> stored() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("content"))) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }
}
