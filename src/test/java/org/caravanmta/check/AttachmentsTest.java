package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.caravanmta.check.Attachments.Otherwise;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.Magic;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentsTest {
  private static final String PROGRAMS =
      "pcre:{ {/^(name|entry):.*\\.(exe|js)$/ REJECT no programs} {/^magic:(exe|elf)$/ REJECT no"
          + " $1} {/^type:application\\/x-msdownload/ HOLD odd} {/^magic:rar/ DISCARD}"
          + " {/^magic:pdf/ WARN} }";
  private static final Verdict REFUSED = new Verdict.Reject(Reply.of(550, "5.7.1", "no programs"));

  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Disposition: attachment; filename=a.exe",
        "Content-Disposition: attachment; filename=\"A B.EXE\"",
        "Content-Disposition: attachment;\r\n\tfilename*=utf-8''%61%2Eexe",
        "Content-Disposition: attachment; filename*0=\"a.\"; filename*1=exe",
        "Content-Disposition: attachment; filename*0*=utf-8''a%2E; filename*1=exe",
        "Content-Disposition: attachment; filename=\"=?utf-8?B?YS5leGU=?=\"",
        "Content-Disposition: attachment; filename=\"=?iso-8859-1?Q?=E4=2Eexe?=\"",
        "Content-Type: application/octet-stream; name=a.exe",
        "Content-Type: text/plain; name=a.txt\r\nContent-Disposition: inline; filename=a.js",
        "Content-Disposition: attachment; filename=a.exe\r\n"
            + "Content-Disposition: inline; filename=a.txt",
      })
  void aNameIsFoundHoweverItIsWritten(String fields) {
    assertThat(check(part(fields, "text")).verdict()).isEqualTo(REFUSED);
  }

  @ParameterizedTest
  @CsvSource({"text/plain, a.txt", "image/png, a.exe.png", "application/zip, exe"})
  void otherNamesPass(String type, String name) {
    assertThat(check(part("Content-Type: " + type + "; name=" + name, "text")).open()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "526172211a0701, rar",
    "377abcaf271c00, 7z",
    "789f3e2200, tnef",
    "1f8b0800, gzip",
    "4d53434600, cab"
  })
  void archivesAreKnown(String start, String name) {
    assertThat(Magic.of(HexFormat.of().parseHex(start)).orElseThrow()).hasToString(name);
  }

  @Test
  void whatAFileIsCountsNotWhatItIsCalled() {
    String program = Base64.getEncoder().encodeToString(new byte[] {'M', 'Z', 9, 0, 3, 0});

    assertThat(
            check(
                    part(
                        "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64",
                        program))
                .verdict())
        .isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.1", "no exe")));
    assertThat(
            check(
                    part(
                        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable",
                        "=7FELF=02"))
                .verdict())
        .isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.1", "no elf")));
  }

  @Test
  void namesInAZipAreSeen() throws IOException {
    assertThat(check(zip("notes.txt", "in/side.exe")).verdict()).isEqualTo(REFUSED);
    assertThat(check(zip("notes.txt")).open()).isTrue();
  }

  @Test
  void namesInAnArchiveInAnArchiveAreSeen() throws IOException {
    byte[] inner = zipped("inside.exe");
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("more.zip"));
      zip.write(inner);
    }
    Mail mail = encoded(bytes.toByteArray());
    assertThat(check(mail).verdict()).isEqualTo(REFUSED);
    assertThat(
            check(mail, "pcre:{ {/^entry:.*\\.zip$/ REJECT no archives} }", Otherwise.HOLD).open())
        .isFalse();
  }

  /// Nobody without the password sees what is in it.
  @Test
  void anEncryptedArchiveIsUnreadable() throws IOException {
    byte[] bytes = zipped("inside.txt");
    bytes[6] |= 1;
    assertThat(check(encoded(bytes)).verdict()).isInstanceOf(Verdict.Hold.class);
    assertThat(check(encoded(bytes), PROGRAMS, Otherwise.REJECT).verdict())
        .isInstanceOf(Verdict.Reject.class);
  }

  @Test
  void anArchiveOfVeryManyEntriesIsUnreadable() throws IOException {
    String[] names = new String[10_001];
    for (int i = 0; i < names.length; i++) {
      names[i] = "n" + i;
    }
    assertThat(check(encoded(zipped(names))).verdict()).isInstanceOf(Verdict.Hold.class);
  }

  @ParameterizedTest
  @CsvSource({
    "526172211a0700cf, application/octet-stream, rar",
    "377abcaf271c0004, image/png, 7z",
    "789f3e2200010690, application/ms-tnef, tnef",
  })
  void archivesAreForRulesByWhatTheyAre(String start, String type, String name) {
    Mail mail =
        part(
            "Content-Type: " + type + "; name=a.dat\r\nContent-Transfer-Encoding: base64",
            Base64.getEncoder().encodeToString(HexFormat.of().parseHex(start)));
    String rule = "pcre:{ {/^magic:(rar|7z|tnef)$/ REJECT no $1} }";
    assertThat(check(mail, rule, Otherwise.HOLD).verdict())
        .isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.1", "no " + name)));
  }

  /// The name of what Outlook makes, for who would refuse it by that.
  @Test
  void theNameOfATnefAttachmentIsSeen() {
    Mail mail = part("Content-Type: application/ms-tnef; name=\"winmail.dat\"", "x\u009f>\"");
    assertThat(
            check(mail, "pcre:{ {/^name:winmail\\.dat$/ REJECT no tnef} }", Otherwise.HOLD).open())
        .isFalse();
    assertThat(
            check(mail, "pcre:{ {/^type:application.ms-tnef$/ REJECT no tnef} }", Otherwise.HOLD)
                .open())
        .isFalse();
  }

  @Test
  void aMessageInAMessageIsSeen() {
    String inner =
        "Subject: inner\r\n" + "Content-Disposition: attachment; filename=a.exe\r\n\r\ntext\r\n";

    assertThat(check(part("Content-Type: message/rfc822", inner)).verdict()).isEqualTo(REFUSED);
    assertThat(
            check(
                    part(
                        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
                        Base64.getMimeEncoder()
                            .encodeToString(inner.getBytes(StandardCharsets.US_ASCII))))
                .verdict())
        .isEqualTo(REFUSED);
  }

  @Test
  void theWholeMessageMayBeTheAttachment() {
    Mail mail =
        Cases.mail(
            Cases.own(), "Content-Type: text/x; name=\"a.js\"\r\nTo: u@b.org\r\n", "u@b.org");

    assertThat(check(mail).verdict()).isEqualTo(REFUSED);
  }

  @Test
  void itCanBeHeldDroppedOrLogged() {
    assertThat(check(part("Content-Type: application/x-msdownload", "text")).verdict())
        .isEqualTo(new Verdict.Hold("odd"));
    assertThat(check(part("Content-Type: a/b", "Rar!\u001a\u0007")).verdict())
        .isEqualTo(new Verdict.Discard(""));
    try (var log = new LogLines("org.caravanmta.check")) {
      assertThat(check(part("Content-Type: a/b", "%PDF-1.4")).open()).isTrue();
      assertThat(log.lines()).singleElement().asString().contains("attachment magic:pdf from");
    }
  }

  @ParameterizedTest
  @EnumSource(Otherwise.class)
  void whatCannotBeReadIsForTheOperatorToSay(Otherwise otherwise) {
    Mail damaged = part("Content-Type: application/zip", "PK\u0003\u0004 but no more of it");
    Verdict verdict = check(damaged, PROGRAMS, otherwise).verdict();

    switch (otherwise) {
      case HOLD -> assertThat(verdict).isInstanceOf(Verdict.Hold.class);
      case REJECT -> assertThat(verdict).isInstanceOf(Verdict.Reject.class);
      case DEFER -> assertThat(verdict).isInstanceOf(Verdict.Defer.class);
      case PASS -> assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
    }
  }

  @Test
  void aBombIsNotUnpackedToItsEnd() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros"));
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 260; i++) {
        zip.write(block);
      }
    }

    assertThat(check(encoded(bytes.toByteArray())).verdict()).isInstanceOf(Verdict.Hold.class);
  }

  @Test
  void whatIsTooDeepIsUnreadable() {
    var deep = new StringBuilder();
    for (int i = 100; i < 180; i++) {
      deep.append(
          "--b" + i + "\r\nContent-Type: multipart/mixed; boundary=b" + (i + 1) + "\r\n\r\n");
    }
    Mail mail =
        Cases.mail(Cases.own(), "Content-Type: multipart/mixed; boundary=b100\r\n", "u@b.org");

    assertThat(check(mail.with(inline(deep.toString()))).verdict())
        .isInstanceOf(Verdict.Hold.class);
  }

  @Test
  void timeIsBounded() throws IOException {
    Mail mail = zip("a.txt", "b.txt");
    var checks =
        new Attachments(
            Attachments.rules(TableNames.of(PROGRAMS), clock),
            Otherwise.HOLD,
            ContentStore.at(Path.of("nowhere"))::read,
            () -> {
              clock.turn(Duration.ofSeconds(6));
              return clock.instant();
            });

    assertThat(checks.check(new Case.Message(mail)).verdict()).isInstanceOf(Verdict.Hold.class);
  }

  @Test
  void contentThatCannotBeReadDefers() {
    Mail mail = Cases.mail(Cases.own(), "", "u@b.org").with(new Content.Stored("4gone", 9, 1));

    assertThat(check(mail).verdict())
        .isEqualTo(
            new Verdict.Defer(Reply.of(451, "4.3.0", "attachments: content cannot be read")));
  }

  @Test
  void aHeldMessageMayStillBeRefused() {
    var held =
        new Case.Message(part("Content-Type: a/b; name=a.exe", "x"))
            .decided(new Verdict.Hold("checks"));

    assertThat(attachments(PROGRAMS, Otherwise.HOLD).check(held).verdict()).isEqualTo(REFUSED);
  }

  @Test
  void rulesThatWouldChangeTheMessageAreRefused() {
    assertThatThrownBy(() -> Attachments.rules(TableNames.of("pcre:{ {/x/ STRIP} }"), clock))
        .hasMessageContaining("expected REJECT, HOLD, DISCARD");
  }

  private Case.Message check(Mail mail) {
    return check(mail, PROGRAMS, Otherwise.HOLD);
  }

  private Case.Message check(Mail mail, String table, Otherwise otherwise) {
    return (Case.Message) attachments(table, otherwise).check(new Case.Message(mail));
  }

  private Attachments attachments(String table, Otherwise otherwise) {
    return new Attachments(
        Attachments.rules(TableNames.of(table), clock),
        otherwise,
        ContentStore.at(Path.of("nowhere"))::read,
        clock);
  }

  private static Mail zip(String... names) throws IOException {
    return encoded(zipped(names));
  }

  private static byte[] zipped(String... names) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("text".getBytes(StandardCharsets.US_ASCII));
      }
    }
    return bytes.toByteArray();
  }

  private static Mail encoded(byte[] bytes) {
    return part(
        "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64",
        Base64.getMimeEncoder().encodeToString(bytes));
  }

  private static Mail part(String fields, String text) {
    Mail mail =
        Cases.mail(Cases.own(), "Content-Type: multipart/mixed; boundary=\"=b\"\r\n", "u@b.org");
    return mail.with(
        inline("--=b\r\n\r\nhello\r\n--=b\r\n" + fields + "\r\n\r\n" + text + "\r\n--=b--\r\n"));
  }

  private static Content inline(String text) {
    return new Content.Inline(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
