package org.caravanmta.filter.pipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a filter program is called with, and where it runs.
class ProgramSurroundingsTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final String USER = ROOT ? "nobody" : System.getProperty("user.name");

  @TempDir Path directory;
  @TempDir static Path storeDirectory;
  private static ContentStore store;
  private Path noted = Path.of("");
  private String options = "";
  private String arguments = "";

  @BeforeAll
  static void openAStore() throws IOException {
    store = ContentStore.open(storeDirectory);
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
        FilterProgram.parse(
            "test user=" + USER + " " + options + " argv=" + script + " " + arguments),
        ROOT);
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

  private static String why(FilterAnswer answer) {
    assertThat(answer.judgement()).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(answer.edits()).isEmpty();
    return ((Judgement.NoAnswer) answer.judgement()).why();
  }

  @Test
  void isToldWhatItsArgumentsName() throws IOException {
    arguments =
        "-f ${sender} -s$size {$queue_id x} ${client_address}:$client_helo $client_hostname"
            + " $client_protocol ${sasl_username?U} \"$$HOME\" $(sasl_method) -- $recipient"
            + " o=$original_recipient";
    Mail mail = Letters.to("b@example.com", "\"c d\"@example.com");
    Examined letter = ExaminedLetters.of(mail, store);
    String lines = "for word; do echo \"<$word>\"; done > $noted/words; cat";
    assertThat(run(lines, letter).judgement()).isEqualTo(Judgement.PASS);
    assertThat(noted.resolve("words"))
        .content()
        .isEqualTo(
            """
            <-f>
            <joe@far.example>
            <-s%d>
            <%s x>
            <192.0.2.7:client.example>
            <client.example>
            <ESMTP>
            <>
            <"$HOME">
            <>
            <-->
            <b@example.com>
            <"c d"@example.com>
            <o=b@example.com>
            <o="c d"@example.com>
            """
                .formatted(letter.mail().size(), mail.id()));
  }

  @Test
  void nobodysAddressIsAnOption() throws IOException {
    arguments = "$recipient";
    Mail mail = Letters.to("-x@example.com");
    assertThat(run("cat", ExaminedLetters.of(mail, store)).judgement())
        .isEqualTo(
            new Judgement.Refuse(
                Reply.of(
                    554, "5.1.3", "an address that begins with a - is not handed to a program")));
  }

  @Test
  void theNullReversePathHasAName() throws IOException {
    arguments = "-f $sender";
    Mail mail = Letters.to("b@example.com");
    Examined letter =
        ExaminedLetters.of(mail.with(mail.envelope().with(new ReversePath.Null())), store);
    run("echo \"$*\" > $noted/words; cat", letter);
    assertThat(noted.resolve("words")).hasContent("-f MAILER-DAEMON");
    options = "null_sender=";
    run("echo \"$2,\" > $noted/words; cat", letter);
    assertThat(noted.resolve("words")).hasContent(",");
  }

  @Test
  void runsAsItsUserWithLittleAround() throws IOException {
    options = "directory=" + noted + " environment=LEVEL=3 {environment=TEXT=a b}";
    run("id -un > who; umask > umask; env | sort > env; pwd > pwd; cat; touch made");
    assertThat(noted.resolve("who")).hasContent(USER);
    assertThat(noted.resolve("umask")).hasContent("0077");
    assertThat(noted.resolve("pwd")).hasContent(noted.toString());
    assertThat(Files.readAllLines(noted.resolve("env")))
        .contains("LEVEL=3", "TEXT=a b", "PATH=/usr/bin:/bin", "PWD=" + noted)
        .hasSize(ROOT ? 7 : 4);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(noted.resolve("made"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsNotThereCannotBeRun() throws IOException {
    var gone = FilterProgram.parse("test user=" + USER + " argv=/nowhere/x");
    assertThat(why(new PipeFilter(gone, ROOT).examine(letter())))
        .isEqualTo("test: /nowhere/x is not a program that can be run");
    var nobody = FilterProgram.parse("test user=no-such-user argv=/bin/cat");
    assertThat(why(new PipeFilter(nobody, true).examine(letter())))
        .isEqualTo("test: there is no user no-such-user");
    assertThat(why(new PipeFilter(nobody, false).examine(letter())))
        .isEqualTo("test: only root can run it as no-such-user");
    options = "directory=/nowhere";
    assertThat(why(run("cat"))).startsWith("test: cannot be run: ");
  }

  /// For any number of threads at a time.
  @Test
  void severalAtATime() throws Exception {
    try (var filter = filter("echo X-A: b; cat")) {
      var answers =
          IntStream.range(0, 8)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () -> filter.examine(letter()), task -> Thread.ofVirtual().start(task)))
              .toList();
      for (var each : answers) {
        assertThat(each.get().judgement()).isEqualTo(Judgement.PASS);
        assertThat(each.get().edits()).hasSize(1);
      }
    }
  }
}
