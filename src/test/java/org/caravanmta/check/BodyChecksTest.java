package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.config.Size;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.SentCopy;
import org.caravanmta.message.StoredSpool;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyChecksTest {
  private static final String MULTIPART =
      "Content-Type: multipart/mixed; boundary=b\r\nSubject: s\r\n";
  private static final String PARTS =
      "--b\r\nContent-Type: text/plain; name=a.exe\r\n\r\nfirst\r\n--b\r\n"
          + "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nX-In: 1\r\n\r\nsecond\r\n"
          + "--b--\r\n";
  private static final String NONE = "inline:{none=OK}";

  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private ContentStore store = ContentStore.at(Path.of("nowhere"));

  @BeforeEach
  void open() throws IOException {
    store = ContentStore.open(directory);
  }

  @Test
  void aLineOfTheBodyCanRefuseTheMessage() {
    Case.Message answer =
        check(body("pcre:{ {/buy now/ REJECT 5.7.9 no sales} }"), mail("", "hello\r\nbuy now\r\n"));

    assertThat(answer.verdict()).isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.9", "no sales")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/^two/ IGNORE | `one\r\nthree\r\n`",
        "/^two/ STRIP | `one\r\nthree\r\n`",
        "/^(t.o)/ REPLACE <$1> | `one\r\n<two>\r\nthree\r\n`",
        "/^two/ PREPEND less | `one\r\nless\r\ntwo\r\nthree\r\n`",
        "/^two/ WARN | `one\r\ntwo\r\nthree\r\n`",
        "/./ IGNORE | ``",
        "/e$/ REPLACE \u00e9 | `\u00e9\r\ntwo\r\n\u00e9\r\n`",
      })
  void aRuleChangesItsLineAndNoOther(String rule, String after) throws IOException {
    String before = "one\r\ntwo\r\nthree\r\n";
    Case.Message inline = check(body("pcre:{ {" + rule + "} }"), mail("", before));
    Case.Message stored = check(body("pcre:{ {" + rule + "} }"), stored("", before));

    assertThat(text(inline)).isEqualTo(after);
    assertThat(text(stored)).isEqualTo(after);
  }

  @Test
  void contentThatNoRuleChangesIsTheSameContent() throws IOException {
    Mail mail = stored("", "one\r\n");

    assertThat(check(body("pcre:{ {/one/ WARN} }"), mail).mail().content())
        .isEqualTo(mail.content());
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void changedStoredContentHasANameOfItsOwn() throws IOException {
    Mail mail = stored("", "one\r\n".repeat(40_000) + "two\r\n" + "\u00e4".repeat(100_000));
    Case.Message answer = check(body("pcre:{ {/two/ REPLACE 2} }"), mail);

    assertThat(text(answer))
        .isEqualTo("one\r\n".repeat(40_000) + "2\r\n" + "\u00e4".repeat(100_000));
    assertThat(((Content.Stored) answer.mail().content()).ref()).isEqualTo("4XyZ.e");
  }

  @Test
  void nothingIsLeftOfContentThatIsRefusedAfterAll() throws IOException {
    Mail mail = stored("", "one\r\ntwo\r\n");

    check(body("pcre:{ {/one/ IGNORE} {/two/ REJECT} }"), mail);

    assertThat(files()).isEqualTo(1);
  }

  @Test
  void contentThatGrowsTooLargeForAQueueIsStored() throws IOException {
    Case.Message answer =
        check(
            body("pcre:{ {/x/ PREPEND " + "y".repeat(100) + "} }"), mail("", "x\r\n".repeat(900)));

    assertThat(answer.mail().content()).isInstanceOf(Content.Stored.class);
    assertThat(text(answer)).isEqualTo(("y".repeat(100) + "\r\nx\r\n").repeat(900));
  }

  @Test
  void fieldsOfPartsAndOfAttachedMessagesHaveTheirRules() {
    var answer =
        check(
            Rules.in(
                RulesOf.tables(
                    List.of("pcre:{ {/./ PREPEND X-Top: 1} }"),
                    List.of(
                        "pcre:{ {/name=/ REPLACE X-Part: gone} {/multipart/ PREPEND X-Mime: 1} }"),
                    List.of("pcre:{ {/^Subject: inner/ PREPEND X-Nested: 1} {/^X-In/ IGNORE} }"),
                    List.of()),
                Bounds.USUAL,
                clock),
            mail(MULTIPART, PARTS));

    assertThat(answer.mail().headers())
        .hasToString("X-Mime: 1\r\n" + MULTIPART.replace("Subject", "X-Top: 1\r\nSubject"));
    assertThat(text(answer))
        .isEqualTo(
            PARTS
                .replace("Content-Type: text/plain; name=a.exe", "X-Part: gone")
                .replace("Subject: inner", "X-Nested: 1\r\nSubject: inner")
                .replace("X-In: 1\r\n", ""));
  }

  @Test
  void theLimitCountsForEachPart() {
    String big = "--b\r\n\r\n" + "filler\r\n".repeat(20);
    String parts = big + "late\r\n--b\r\n\r\nlate\r\n--b--\r\n";
    Rules rules =
        Rules.in(
            RulesOf.tables(none(), none(), none(), List.of("pcre:{ {/^late/ IGNORE} }")),
            new Bounds(new Size(100), new Size(102_400), true, 100, 2048),
            clock);

    assertThat(text(check(rules, mail(MULTIPART, parts))))
        .isEqualTo(big + "late\r\n--b\r\n\r\n--b--\r\n");
    assertThat(text(check(rules, mail("", "filler\r\n".repeat(20) + "late\r\n")))).contains("late");
  }

  @Test
  void aLongLineIsSeenInPieces() {
    String line = "a".repeat(3000) + "b" + "a".repeat(3000);

    assertThat(
            text(
                check(body("pcre:{ {/^a*b/ REPLACE -} }"), mail("", "x\r\n" + line + "\r\ny\r\n"))))
        .isEqualTo("x\r\n" + "a".repeat(2048) + "-" + "a".repeat(6001 - 4096) + "\r\ny\r\n");
    assertThat(
            text(
                check(
                    body("pcre:{ {/^a{1905}$/ IGNORE} }"), mail("", "x\r\n" + line + "\r\ny\r\n"))))
        .as("the rest of its line keeps its end")
        .isEqualTo("x\r\n" + line.substring(0, 4096) + "\r\ny\r\n");
  }

  @Test
  void aStructureTooDeepIsLines() {
    var deep = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      deep.append("--b").append(i + 100).append("\r\n");
      deep.append("Content-Type: multipart/mixed; boundary=b").append(i + 101).append("\r\n\r\n");
    }
    Mail mail = mail("Content-Type: multipart/mixed; boundary=b100\r\n", deep.toString());

    var rules =
        List.of(List.of("pcre:{ {/multipart/ IGNORE} }"), List.of("pcre:{ {/-b250/ IGNORE} }"));
    Rules out =
        Rules.out(RulesOf.tables(none(), rules.get(0), none(), none()), Bounds.USUAL, clock);
    var copy = (SentCopy.Made.Ready) new WireChecks(out, store, clock).of(mail);
    assertThat(text(new Case.Message(copy.mail())).split("multipart", -1)).hasSize(51);
    // what comes in and cannot be seen by rules does not
    for (List<String> tables : rules) {
      Rules in = Rules.in(RulesOf.tables(none(), tables, none(), tables), Bounds.USUAL, clock);
      assertThat(check(in, mail).verdict())
          .isEqualTo(
              new Verdict.Reject(Reply.of(550, "5.6.0", "MIME nesting exceeds safety limit")));
    }
    Bounds deeper = new Bounds(new Size(0), new Size(102_400), true, 200, 2048);
    Rules in = Rules.in(RulesOf.tables(none(), rules.get(0), none(), none()), deeper, clock);
    assertThat(text(check(in, mail))).doesNotContain("multipart");
  }

  @Test
  void withoutMimeAllBehindTheHeaderSectionIsLines() {
    var flat = new Bounds(new Size(0), new Size(102_400), false, 100, 2048);
    List<String> names = List.of("pcre:{ {/name=/ REJECT seen} }");
    Mail mail = mail(MULTIPART, PARTS);
    assertThat(
            check(Rules.in(RulesOf.tables(none(), names, none(), none()), flat, clock), mail)
                .open())
        .isTrue();
    assertThat(
            check(Rules.in(RulesOf.tables(none(), none(), none(), names), flat, clock), mail)
                .open())
        .isFalse();
    assertThat(
            check(
                    Rules.in(RulesOf.tables(none(), names, none(), none()), Bounds.USUAL, clock),
                    mail)
                .open())
        .isFalse();
  }

  @Test
  void ofAFieldOnlySoMuchIsLookedAt() {
    var narrow = new Bounds(new Size(0), new Size(20), true, 100, 2048);
    List<String> late = List.of("pcre:{ {/end/ REJECT seen} }");
    Mail mail = mail("Subject: " + "x".repeat(30) + " end\r\n", "");
    assertThat(
            check(Rules.in(RulesOf.tables(late, none(), none(), none()), narrow, clock), mail)
                .open())
        .isTrue();
    assertThat(
            check(Rules.in(RulesOf.tables(late, none(), none(), none()), Bounds.USUAL, clock), mail)
                .open())
        .isFalse();
  }

  @Test
  void aRuleThatCannotBeAskedDefers() {
    Case.Message answer =
        check(
            body("pcre:{ {/(.*)(.*)(.*)(.*)b\\1\\2x$/ REJECT} }"),
            mail("", "a".repeat(2000) + "b\r\n"));

    assertThat(answer.verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.3.0", "checks: Temporary lookup failure")));
  }

  @Test
  void contentThatCannotBeReadDefers() {
    Mail mail = Cases.mail(Cases.own(), "", "u@b.org").with(new Content.Stored("4gone", 9, 1));

    assertThat(check(body("pcre:{ {/x/ REJECT} }"), mail).verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.3.0", "checks: content cannot be read")));
  }

  @Test
  void theLogSaysWhatWasDoneToALine() {
    try (var log = new LogLines("org.caravanmta.check")) {
      check(
          body("pcre:{ {/buy/ STRIP sales} }"),
          mail("", "buy \u001b[2J" + "z".repeat(300) + "\r\n"));
      assertThat(log.lines())
          .containsExactly(
              "INFO 4XyZ: strip: body buy ?[2J"
                  + "z".repeat(192)
                  + " from unknown[127.0.0.1]; from=<ann@far.example> to=<u@b.org> proto=ESMTP"
                  + " helo=<mail.far.example>: sales");
    }
  }

  @Test
  void mailOnItsWayOutKnowsFewerActions() {
    assertThatThrownBy(
            () ->
                Rules.out(
                    RulesOf.tables(List.of("pcre:{ {/x/ REJECT} }"), none(), none(), none()),
                    Bounds.USUAL,
                    clock))
        .hasMessage(
            "pcre:{ {/x/ REJECT} }, entry 1: expected IGNORE, STRIP, REPLACE, PREPEND, WARN, INFO,"
                + " DUNNO or OK, found \"REJECT\"");
  }

  @Test
  void whatIsSentIsACopy() throws IOException {
    var wire =
        new WireChecks(
            Rules.out(
                RulesOf.tables(
                    List.of("pcre:{ {/^X-Internal/ IGNORE} }"),
                    none(),
                    none(),
                    List.of("pcre:{ {/secret/ REPLACE -} }")),
                Bounds.USUAL,
                clock),
            store,
            clock);
    Mail mail = stored("X-Internal: 1\r\nTo: u@b.org\r\n", "secret\r\n");

    var copy = (SentCopy.Made.Ready) wire.of(mail);

    assertThat(copy.mail().headers()).hasToString("To: u@b.org\r\n");
    assertThat(text(new Case.Message(copy.mail()))).isEqualTo("-\r\n");
    wire.release(mail, copy);
    assertThat(files()).isEqualTo(1);
    assertThat(text(new Case.Message(mail))).isEqualTo("secret\r\n");
  }

  private Case.Message check(Rules rules, Mail mail) {
    var checks =
        new Checks(
            rules,
            RulesOf.settings("", ""),
            new Origin(new Domain("ex.com")),
            Added.AS_IT_IS,
            store,
            clock);
    return (Case.Message) checks.check(new Case.Message(mail));
  }

  private Rules body(String table) {
    return Rules.in(RulesOf.tables(none(), none(), none(), List.of(table)), Bounds.USUAL, clock);
  }

  private static List<String> none() {
    return List.of(NONE);
  }

  private static Mail mail(String headers, String body) {
    return Cases.mail(Cases.own(), headers, "u@b.org")
        .with(new Content.Inline(body.getBytes(StandardCharsets.UTF_8)));
  }

  private Mail stored(String headers, String body) throws IOException {
    StoredSpool spool = store.create("4XyZ");
    spool.write(body.getBytes(StandardCharsets.UTF_8));
    return Cases.mail(Cases.own(), headers, "u@b.org").with(spool.finish());
  }

  private String text(Case.Message message) {
    return switch (message.mail().content()) {
      case Content.Inline(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
      case Content.Stored stored -> {
        try (var in = store.read(stored)) {
          yield new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  private long files() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
