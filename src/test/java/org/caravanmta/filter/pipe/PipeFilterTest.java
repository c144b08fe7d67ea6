package org.caravanmta.filter.pipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.headway.Cut;
import org.caravanmta.headway.Headway;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Filters that are shell scripts, as another user where we are root.
class PipeFilterTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final String USER = ROOT ? "nobody" : System.getProperty("user.name");

  @TempDir Path directory;
  @TempDir static Path storeDirectory;
  private static ContentStore store;
  private Path noted = Path.of("");
  private String options = "";

  @BeforeAll
  static void openAStore() throws IOException {
    store = ContentStore.open(storeDirectory);
  }

  @AfterEach
  void emptyTheStore() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
  }

  @BeforeEach
  void aDirectoryForAll() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    noted = Files.createDirectory(directory.resolve("noted"));
    Files.setPosixFilePermissions(noted, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private PipeFilter filter(String lines) throws IOException {
    Path script =
        Files.writeString(
            directory.resolve("script"),
            "#!/bin/sh\nnoted='" + noted + "'\n" + lines + "\n",
            ISO_8859_1);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new PipeFilter(
        FilterProgram.parse("test user=" + USER + " " + options + " argv=" + script), ROOT);
  }

  private FilterAnswer run(String lines, Examined letter) throws IOException {
    try (var filter = filter(lines)) {
      return filter.examine(letter);
    }
  }

  private FilterAnswer run(String lines) throws IOException {
    return run(lines, letter());
  }

  private Examined letter() {
    return ExaminedLetters.of(
        Letters.letter(
            "Subject: x\r\nX-Folded: a\r\n b\r\n", "hello\r\nthere\r\n", "b@example.com"),
        store);
  }

  private Examined letter(byte[] body) throws IOException {
    try (var writer = new ContentWriter(store, "body", 1000, ContentWriter.Ends.KEPT)) {
      writer.write(body, 0, body.length);
      return ExaminedLetters.of(Letters.to("b@example.com").with(writer.finish()), store);
    }
  }

  private static Mail edited(Examined letter, FilterAnswer answer) {
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    return EditedMail.edit(letter.mail(), answer.edits(), List::of);
  }

  private static byte[] body(Examined letter, Mail mail) throws IOException {
    try (var in =
        new Examined(mail, letter.hostname(), letter.bodies(), letter.bodyWriter(), false).body()) {
      return in.readAllBytes();
    }
  }

  private static String why(FilterAnswer answer) {
    assertThat(answer.judgement()).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(answer.edits()).isEmpty();
    return ((Judgement.NoAnswer) answer.judgement()).why();
  }

  private static List<Path> files() throws IOException {
    try (var all = Files.walk(storeDirectory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<String> stored() throws IOException {
    return files().stream().map(path -> path.getFileName().toString()).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat", "cat > /dev/null", "cat | sed 's/$/\\r/'"})
  void whatComesBackAsItWasIsUnchanged(String lines) throws IOException {
    assertThat(run(lines)).isEqualTo(FilterAnswer.of(Judgement.PASS));
  }

  @Test
  void linesEndWithLineFeedsForIt() throws IOException {
    Examined letter = letter();
    run("cat > $noted/message", letter);
    String got = Files.readString(noted.resolve("message"));
    try (var whole = letter.whole()) {
      assertThat(got).isEqualTo(new String(whole.readAllBytes(), UTF_8).replace("\r\n", "\n"));
    }
    assertThat(got).startsWith("Received: from client.example");
  }

  /// Bytes that lines are not made of come back as they went, too.
  @ParameterizedTest
  @ValueSource(
      strings = {"", "\r", "\n", "a\nb\r\n\rc\r\r\n", "\r\n\r\n", "\0\u0080\r\n", "no end"})
  void nothingIsUnchangedThatIsNot(String body) throws IOException {
    for (String lines : List.of("cat", "dd bs=1 2>/dev/null")) {
      assertThat(run(lines, letter(body.getBytes(ISO_8859_1))))
          .as(lines)
          .isEqualTo(FilterAnswer.of(Judgement.PASS));
    }
  }

  @Test
  void oneOfAnySizeIsUnchanged() throws IOException {
    byte[] body = new byte[5_000_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i % 97 == 95 ? '\r' : i % 97 == 96 ? '\n' : i);
    }
    assertThat(run("cat", letter(body))).isEqualTo(FilterAnswer.of(Judgement.PASS));
    assertThat(stored()).containsExactly("body");
  }

  @Test
  void addsAField() throws IOException {
    Examined letter = letter();
    FilterAnswer answer = run("echo 'X-Seen: by me'; cat", letter);
    assertThat(answer.edits()).hasSize(1).first().isInstanceOf(Edit.ReplaceHeaders.class);
    Mail mail = edited(letter, answer);
    assertThat(mail.content()).isSameAs(letter.mail().content());
    // the field that we have written stays on top
    assertThat(mail.headers().bytes())
        .asString(UTF_8)
        .isEqualTo(
            letter.mail().headers().fields().getFirst().text()
                + "\r\nX-Seen: by me\r\nSubject: x\r\nX-Folded: a\r\n b\r\n");
  }

  @Test
  void makesTheBodyAnew() throws IOException {
    Examined letter = letter();
    String lines = "sed '/^$/q'; cat > /dev/null; printf 'a\\0b\\n.\\n\\n%0100000d' 7";
    FilterAnswer answer = run(lines, letter);
    assertThat(answer.edits()).hasSize(1).first().isInstanceOf(Edit.ReplaceBody.class);
    assertThat(edited(letter, answer).content()).isInstanceOf(Content.Stored.class);
    assertThat(body(letter, edited(letter, answer)))
        .asString(ISO_8859_1)
        .isEqualTo("a\0b\r\n.\r\n\r\n" + "0".repeat(99_999) + "7");
  }

  @Test
  void makesAnEmptyBody() throws IOException {
    Examined letter = letter();
    assertThat(body(letter, edited(letter, run("sed '/^$/q'; cat > /dev/null", letter)))).isEmpty();
  }

  /// Byte by byte, in both directions.
  @Test
  void aBinaryMessageHasNoLines() throws IOException {
    Mail mail = Letters.letter("Subject: x\r\n", "\0\n\r\r\n\n.", "b@example.com");
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.BINARYMIME), false, Optional.empty(), Optional.empty());
    Examined letter = ExaminedLetters.of(mail.with(mail.envelope().with(options)), store);
    assertThat(run("cat", letter)).isEqualTo(FilterAnswer.of(Judgement.PASS));
    FilterAnswer answer = run("cat; printf '\\n\\r\\n\\0'", letter);
    assertThat(body(letter, edited(letter, answer)))
        .asString(ISO_8859_1)
        .isEqualTo("\0\n\r\r\n\n.\n\r\n\0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          echo 'we do not take that' >&2; exit 69       | 554 5.7.1 we do not take that
          cat; echo; echo >&2; echo ' no ' >&2; exit 65 | 554 5.7.1 no
          cat; printf 'a\\tb\\033[1m\\303\\251\\ny' >&2; exit 77 | 554 5.7.1 a?b?[1m?
          echo '5.6.1 not that kind' >&2; exit 69       | 554 5.6.1 not that kind
          echo '4.6.1 not that kind' >&2; exit 69       | 554 5.7.1 4.6.1 not that kind
          exit 69                                       | 554 5.7.1 Message content rejected
          cat; exit 65                                  | 554 5.7.1 Message content rejected
          exit 77                                       | 554 5.7.1 Message content rejected
          cat; echo 'disk full' >&2; exit 75            | 451 4.7.1 Service unavailable - try again later
          exit 75                                       | 451 4.7.1 Service unavailable - try again later
          """)
  void refuses(String lines, String reply) throws IOException {
    FilterAnswer answer = run(lines);
    assertThat(answer.edits()).isEmpty();
    assertThat(answer.judgement())
        .isInstanceOfSatisfying(
            Judgement.Refuse.class, refused -> assertThat(refused.reply()).hasToString(reply));
  }

  @Test
  void theOperatorReadsWhatTheClientDoesNot() throws IOException {
    FilterAnswer answer = run("cat > /dev/null; echo 'no room in /var' >&2; exit 75");
    assertThat(answer.note()).isEqualTo("status=75: no room in /var");
  }

  @Test
  void drops() throws IOException {
    assertThat(run("cat; echo 'not wanted' >&2; exit 99").judgement())
        .isEqualTo(new Judgement.Discard("test: not wanted"));
    assertThat(run("exit 99").judgement()).isEqualTo(new Judgement.Discard("test"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cat; exit 1                             | test: ended with status 1
          cat; echo 'oh' >&2; exit 70             | test: ended with status 70: oh
          exit 111                                | test: ended with status 111
          cat; kill -SEGV $$                      | test: died with signal 11
          cat; kill -KILL $$                      | test: died with signal 9
          exec /nowhere                           | test: cannot be run
          printf 'Subject: x\\nX: y\\n'; cat >/dev/null | test: printed no empty line after a header section
          printf 'Subject: x'; cat >/dev/null     | test: printed no empty line after a header section
          printf 'hello\\n\\nthere'; cat >/dev/null | test: not a header field: "hello"
          printf 'A: b\\nhello\\n\\nthere'; cat >/dev/null | test: not a header field: "hello"
          printf 'From me today\\n'; cat          | test: not a header field: "From me today"
          printf ' a: b\\n\\n'; cat >/dev/null    | test: not a header field: " a: b"
          echo; cat                               | test: a message without a header section
          head -c 1000 /dev/zero; cat > /dev/null | test: printed no empty line after a header section
          """)
  void anythingElseIsNoAnswer(String lines, String why) throws IOException {
    assertThat(why(run(lines))).startsWith(why);
    assertThat(stored()).isEmpty();
  }

  /// The whole message has been printed by then, and is in the store.
  @Test
  void whatItPrintedCountsOnlyIfItEndsWell() throws IOException {
    assertThat(
            why(run("cat; head -c 100000 /dev/zero | tr '\\0' x; exit 3", letter(new byte[5000]))))
        .isEqualTo("test: ended with status 3");
    assertThat(stored()).containsExactly("body");
  }

  @Test
  void needNotReadWhatItHasAnAnswerWithout() throws IOException {
    Examined large = letter(new byte[1_000_000]);
    FilterAnswer answer = run("printf 'Subject: new\\n\\nbody\\n'", large);
    assertThat(body(large, edited(large, answer))).asString(UTF_8).isEqualTo("body\r\n");
    assertThat(run("exit 69", large).judgement()).isInstanceOf(Judgement.Refuse.class);
    assertThat(why(run("exit 0", large))).isEqualTo("test: ended before it had read the message");
  }

  @Test
  void isNotWaitedForForEver() throws IOException {
    options = "time_limit=1s";
    String lines =
        """
        echo $$ > $noted/all
        sleep 1000 &
        echo $! >> $noted/all
        setsid sleep 1000 &
        echo $! >> $noted/all
        (sleep 1000 & echo $! >> $noted/all)
        echo done >> $noted/all
        wait
        """;
    assertThat(why(run(lines))).isEqualTo("test: did not end within 1000 ms");
    List<String> all = Files.readAllLines(noted.resolve("all"));
    assertThat(all).hasSize(5).endsWith("done");
    for (String pid : all.subList(0, 4)) {
      await().until(() -> !Files.isDirectory(Path.of("/proc", pid)));
    }
  }

  @Test
  void whatIsPrintedWhenItHasEndedCounts() throws IOException {
    Examined letter = letter();
    FilterAnswer answer =
        run(
            "sed '/^$/q'; cat > /dev/null; (tail -f -s 0.01 --pid $$ /dev/null; echo late) &",
            letter);
    assertThat(body(letter, edited(letter, answer))).asString(UTF_8).isEqualTo("late\r\n");
  }

  /// A process that keeps its output open might still print.
  @Test
  void leavesNothingRunning() throws IOException {
    assertThat(why(run("cat; sleep 1000 & echo $! > $noted/left")))
        .isEqualTo("test: left a process that keeps its output open");
    String left = Files.readString(noted.resolve("left")).strip();
    await().until(() -> !Files.isDirectory(Path.of("/proc", left)));
    // one that does not is its own matter
    assertThat(run("cat; sleep 1 > /dev/null 2>&1 < /dev/null &"))
        .isEqualTo(FilterAnswer.of(Judgement.PASS));
  }

  @Test
  void anAttemptThatIsEndedEndsIt() throws Exception {
    var attempt = new Headway(System::nanoTime);
    try (var filter = filter("echo $$ > $noted/run; exec sleep 1000")) {
      Thread cutting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    await().until(() -> Files.exists(noted.resolve("run")));
                    attempt.cut(new Cut(Cut.By.OPERATOR, "enough"));
                  });
      assertThat(why(attempt.during(() -> filter.examine(letter()))))
          .isEqualTo("test: interrupted");
      cutting.join();
    }
    String run = Files.readString(noted.resolve("run")).strip();
    await().until(() -> !Files.isDirectory(Path.of("/proc", run)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat; cat /dev/zero", "echo A: b; echo; yes", "yes >&2", "yes A:"})
  void printsNoMoreThanItMay(String lines) throws IOException {
    options = "time_limit=20s output=1MiB";
    if (lines.equals("yes >&2")) {
      options = "time_limit=500ms output=1MiB";
      assertThat(why(run(lines))).isEqualTo("test: did not end within 500 ms");
    } else {
      assertThat(why(run(lines))).isEqualTo("test: printed more than 1MiB");
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void aMessageThatCannotBeReadIsNotTakenForAWholeOne() throws IOException {
    Examined whole = letter(new byte[300_000]);
    Path file = files().getFirst();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 200_000));
    assertThat(why(run("cat > $noted/m; echo whole > $noted/end", whole)))
        .startsWith("test: message cannot be read: ");
    assertThat(noted.resolve("end")).doesNotExist();
  }
}
