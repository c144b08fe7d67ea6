package org.caravanmta.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.ControlVerb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `sendmail` as programs call it, with the directory that a server has made.
class SendmailTest {
  private static final String USER = System.getProperty("user.name");

  @TempDir Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeMaildrop() throws IOException {
    mode(Files.createDirectory(data.resolve("maildrop")), "rwx------");
  }

  @Test
  void theMessageAndItsEnvelopeAreInTheFile() throws Exception {
    assertThat(
            sendmail("Subject: x\n\nhello\n.\nmore\n", "-F", "Joe User", "ann", "bob, c@d.example"))
        .isZero();
    assertThat(posted())
        .containsExactly(
            "sender "
                + USER
                + "\nname Joe User\nrecipient ann\nrecipient bob\nrecipient c@d.example\n\n"
                + "Subject: x\r\n\r\nhello\r\n");
    assertThat(err.toString() + out).isEmpty();
    assertThat(modes()).containsOnly("rw-------");
  }

  @Test
  void everyOptionHasItsPlace() throws Exception {
    assertThat(
            sendmail(
                "Subject: x\n\n.\n",
                "-oi",
                "-oem",
                "-Nfailure,DELAY",
                "-R",
                "hdrs",
                "-V",
                "Q+1",
                "-B8BITMIME",
                "-f",
                "<joe@a.example>",
                "-FJoe",
                "--",
                "-ann"))
        .isZero();
    assertThat(posted())
        .containsExactly(
            "sender joe@a.example\nname Joe\nrecipient -ann\nnotify FAILURE,DELAY\nret HDRS\n"
                + "envid Q+2B1\nbody EIGHTBITMIME\n\nSubject: x\r\n\r\n.\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Bob B <bob@b.example>|bob@b.example|``",
        "\"Bob, B\" <bob@b.example>|bob@b.example|``",
        "Bob<bob@b.example>|bob@b.example|``",
        "bob@b.example (Bob B)|bob@b.example|``",
        "` bob@b.example `|bob@b.example|``",
        "\"a b\"@b.example|\"a b\"@b.example|``",
        "Bob <>|``|``",
        "a@b.example, c@d.example|a@b.example|sender is <a@b.example>",
        "Bob C|Bob|sender is <Bob>"
      })
  void theSenderMayStandInAPhraseAsInPostfix(String given, String sender, String remark)
      throws Exception {
    assertThat(sendmail("\n", "-Fx", "-f", given, "ann")).isZero();
    assertThat(posted()).containsExactly("sender " + sender + "\nname x\nrecipient ann\n\n\r\n");
    assertThat(err.toString()).contains(remark);
    assertThat(err.toString().isEmpty()).isEqualTo(remark.isEmpty());
  }

  @Test
  void mailOfOthersIsMarkedAsSuch() throws Exception {
    assertThat(sendmail("\n", "-G", "-Fx", "-f", "joe@far.example", "ann")).isZero();
    assertThat(posted().getFirst()).contains("\npurpose RELAYED\n");
  }

  @Test
  void theNullReversePathIsGivenAsNothing() throws Exception {
    assertThat(sendmail("\n", "-f", "", "-Fx", "ann")).isZero();
    assertThat(sendmail("\n", "-f<>", "-Fx", "ann")).isZero();
    assertThat(posted()).hasSize(2).containsOnly("sender \nname x\nrecipient ann\n\n\r\n");
  }

  @Test
  void theHeaderSectionNamesRecipients() throws Exception {
    assertThat(sendmail("To: ann, eve\nBcc: bob\n\nTo: not@me\n", "-ti", "-Fx", "eve")).isZero();
    assertThat(posted().getFirst())
        .contains("recipient eve\nrecipient ann\nrecipient bob\n\nTo: ann, eve\r\n");
  }

  @Test
  void moreRecipientsThanOneMessageHasAreSeveralMessages() throws Exception {
    String many = IntStream.range(0, 1001).mapToObj(i -> "u" + i).collect(Collectors.joining(","));
    assertThat(sendmail("\n", many)).isZero();
    assertThat(posted())
        .extracting(file -> file.lines().filter(line -> line.startsWith("recipient")).count())
        .containsExactlyInAnyOrder(500L, 500L, 1L);
  }

  @Test
  void aVerificationReadsNothingAndPostsAProbe() throws Exception {
    assertThat(sendmail("Subject: x\n\nhello\n", "-v", "-bv", "-fjoe", "ann", "bob@b.example"))
        .isZero();
    assertThat(posted())
        .containsExactly(
            "sender joe\nname "
                + CommandUser.fullName()
                + "\nrecipient ann\nrecipient bob@b.example\npurpose VERIFICATION\n\n"
                + "Subject: probe\r\nTo: ann,\r\n\tbob@b.example\r\n\r\n");
    assertThat(out.toString()).isEqualTo("Mail Delivery Status Report will be mailed to <joe>.\n");
  }

  @Test
  void whoWatchesIsToldWhereTheReportGoes() throws Exception {
    assertThat(sendmail("Subject: x\n\nhello\n", "-v", "-fjoe", "ann")).isZero();
    assertThat(posted().getFirst()).contains("\npurpose WATCHED\n\nSubject: x\r\n\r\nhello\r\n");
    assertThat(out.toString()).isEqualTo("Mail Delivery Status Report will be mailed to <joe>.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "64, '', 'sendmail: recipients must be named as arguments, or in the message with -t'",
    "64, -t, sendmail: no recipient addresses found in message header",
    "64, -bv -t ann, sendmail: -bv reads no message: -t cannot name recipients",
    "64, -bd, sendmail: -bd: not supported; `caravan start` is the server",
    "64, -XL ann, sendmail: -XL: not supported",
    "64, -XV+ ann, 'sendmail: -XV+: expected two delimiters such as +=, found \"+\"'",
    "64, -XV -f <> ann, sendmail: -XV: mail from nobody cannot have a reverse path for each"
        + " recipient",
    "64, -z ann, sendmail: -z: no such option",
    "64, -f, sendmail: -f: a value is missing",
    "64, -q15m, 'sendmail: -q15m: -q flushes all deferred mail, -qID one message'",
    "64, -Nsometimes ann, 'sendmail: -N: sometimes: never, or some of success,failure,delay were"
        + " expected'",
    "64, --verbose ann, sendmail: --verbose: no such option",
    "65, ann..@, 'sendmail: a domain has 1 to 255 characters, in \"ann..@\"'",
    "78, --set hostnam=x ann, sendmail: --set: hostnam: unknown key; did you mean hostname?"
  })
  void whatMakesNoSenseIsRefusedAndNothingIsPosted(int status, String args, String said)
      throws Exception {
    String[] words = args.isEmpty() ? new String[0] : args.split(" ");
    assertThat(sendmail("Subject: x\n\n", words)).as(err.toString()).isEqualTo(status);
    assertThat(err.toString().strip()).isEqualTo(said);
    assertThat(posted()).isEmpty();
  }

  @Test
  void whatIsTooLargeIsRefusedAndNothingIsLeft() throws Exception {
    String body = "x".repeat(5000) + "\n";
    assertThat(sendmail("S: x\n\n" + body, "--set", "smtp.size-limit=4096", "ann")).isEqualTo(69);
    assertThat(sendmail("S: " + "x".repeat(200_000) + "\n", "ann")).isEqualTo(65);
    assertThat(err.toString())
        .contains("the message is larger than 4096 bytes", "the header section is larger than");
    assertThat(posted()).isEmpty();
  }

  @Test
  void withoutAFitMaildropTheCallerKeepsTheMessage() throws Exception {
    mode(data.resolve("maildrop"), "rwxrwxrwx");
    assertThat(sendmail("\n", "ann")).isEqualTo(75);
    Files.delete(data.resolve("maildrop"));
    assertThat(sendmail("\n", "ann")).isEqualTo(75);
    assertThat(err.toString())
        .contains("maildrop has the mode 777: users could see each other's mail")
        .contains("maildrop: there is no such maildrop; the server makes it when it starts.");
    assertThat(data.resolve("maildrop")).doesNotExist();
  }

  @Test
  void theServerIsAskedForItsQueues() throws Exception {
    assertThat(sendmail("", "-bp")).isEqualTo(69);
    assertThat(err.toString()).startsWith("sendmail: caravan is not running on " + data);
    var asked = new ArrayList<String>();
    Map<String, ControlVerb> verbs =
        Map.of(
            "queue.list", (args, _) -> asked.add("listed " + args),
            "queue.flush",
                (args, rows) -> {
                  asked.add("flushed " + args);
                  rows.add(List.of(args.getFirst(), "1", "0"));
                });
    try (var _ = new ControlServer(data, verbs)) {
      assertThat(sendmail("", "-bp")).isZero();
      assertThat(sendmail("", "-q")).isZero();
      assertThat(sendmail("", "-qI4A")).isZero();
    }
    assertThat(asked).containsExactly("listed []", "flushed [ALL]", "flushed [4A]");
    assertThat(sendmail("", "-bi")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "Mail queue is empty",
            "all deferred mail is due now",
            "4A: 1 flushed",
            "aliases are read from their source files: nothing to build");
  }

  @Test
  void smtpOnStandardInputPostsEachMessage() throws Exception {
    assertThat(
            sendmail(
                "EHLO here\nMAIL FROM:<ann@a.example>\nRCPT TO:<bob@b.example>\nDATA\r\n"
                    + "Subject: x\r\n\r\n..dot\n.\r\n"
                    + "DATA\nMAIL FROM:<>\nMAIL FROM:<>\nRCPT TO:<c@d.example> NOTIFY=NEVER\n"
                    + "RCPT TO:<c@d.example>\nRCPT TO:<e@f.example>\nDATA\n\nbody\n.\nQUIT\nNOOP\n",
                "-bs"))
        .isZero();
    assertThat(posted())
        .containsExactlyInAnyOrder(
            "sender ann@a.example\nrecipient bob@b.example\n\nSubject: x\r\n\r\n.dot\r\n",
            "sender \nrecipient c@d.example\nrecipient e@f.example\n\n\r\nbody\r\n");
    assertThat(out.toString().lines().map(line -> line.substring(0, 4)))
        .containsExactly(
            "220 ", "250-", "250-", "250-", "250-", "250 ", "250 ", "250 ", "354 ", "250 ", "503 ",
            "250 ", "503 ", "555 ", "250 ", "250 ", "354 ", "250 ", "221 ");
  }

  @Test
  void smtpOnStandardInputPostsNothingThatIsNotWhole() throws Exception {
    String envelope = "MAIL FROM:<ann@a.example>\nRCPT TO:<bob@b.example>\nDATA\n";
    // the last might be the start of ".hidden"
    for (String cut : List.of("", "hello\n", "hello", ".", "hello\n.", "hello\r\n.\r")) {
      assertThat(sendmail(envelope + cut, "-bs")).as(cut).isEqualTo(75);
    }
    assertThat(posted()).isEmpty();
  }

  private int sendmail(String message, String... args) {
    var all = new ArrayList<>(List.of("--data", data.toString()));
    all.addAll(List.of(args));
    InputStream in = new ByteArrayInputStream(message.getBytes(UTF_8));
    return new Sendmail(in, new PrintWriter(out), new PrintWriter(err), SendmailCommand::usage)
        .run(all);
  }

  /// The files without their first line, once that has been seen to be of the right form.
  private List<String> posted() throws IOException {
    var posted = new ArrayList<String>();
    for (Path file : files()) {
      String[] parts = Files.readString(file).split("\n", 2);
      assertThat(parts[0])
          .matches("caravan-maildrop 1 %012d [0-9a-f]{8}".formatted(parts[1].length()));
      posted.add(parts[1]);
    }
    return posted;
  }

  private List<String> modes() throws IOException {
    var modes = new ArrayList<String>();
    for (Path file : files()) {
      modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    return modes;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(data.resolve("maildrop"))) {
      return List.of();
    }
    try (var files = Files.list(data.resolve("maildrop"))) {
      return files.toList();
    }
  }

  private static void mode(Path directory, String mode) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
  }
}
