package org.caravanmta.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which files of the maildrop are collected, and who may write and read them.
class MaildropFilesTest extends PostedMail {
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

  private void mode(int mode) throws IOException {
    Files.setAttribute(maildrop.directory(), "unix:mode", mode);
  }

  private void permissions(String mode) throws IOException {
    Files.setPosixFilePermissions(maildrop.directory(), PosixFilePermissions.fromString(mode));
  }

  /// As a user may who writes files by hand.
  private void raw(String name, Posting posting, String content) throws IOException {
    Files.move(put(posting, content.getBytes(UTF_8)), file(name));
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
}
