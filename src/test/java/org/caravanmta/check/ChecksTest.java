package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  private static final String HEADERS =
      "Received: from a\r\n\tby b\r\nSubject:  buy\r\n now\r\nX-Odd : \u00e4\r\nTo: u@b.org\r\n";

  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REJECT | 550 5.7.1 message content rejected",
        "reject no sales here | 550 5.7.1 no sales here",
        "REJECT 5.7.9 no sales | 550 5.7.9 no sales",
        "REJECT 4.7.1 later | 451 4.7.1 later",
        "REJECT 4.7.1 | 451 4.7.1 message content rejected",
        "REJECT no $1 | 550 5.7.1 no buy now",
      })
  void aFieldCanRefuseTheMessage(String action, String reply) {
    Verdict verdict = check("pcre:{ {/^subject:\\s*(.*)/ " + action + "} }").verdict();

    Reply refused =
        switch (verdict) {
          case Verdict.Reject(Reply r) -> r;
          case Verdict.Defer(Reply r) -> r;
          case Verdict.Undecided _,
              Verdict.Permit _,
              Verdict.Hold _,
              Verdict.Discard _,
              Verdict.Taken _ ->
              throw new AssertionError(verdict);
        };
    assertThat(refused).hasToString(reply);
  }

  @Test
  void aMessageCanBeDroppedOrHeld() {
    assertThat(check("pcre:{ {/^To:/ DISCARD go} }").verdict())
        .isEqualTo(new Verdict.Discard("go"));

    Case.Message held = check("pcre:{ {/^Subject:/ HOLD look} {/^X-Odd:/ IGNORE} }");
    assertThat(held.verdict()).isEqualTo(new Verdict.Hold("look"));
    assertThat(headers(held)).doesNotContain("X-Odd");
    assertThat(check("pcre:{ {/^Subject:/ HOLD look} {/^To:/ REJECT} }").verdict())
        .isInstanceOf(Verdict.Reject.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/^X-Odd:/ IGNORE | `X-Odd : ä\r\n` | ``",
        "/^X-Odd:/ STRIP seen | `X-Odd : ä\r\n` | ``",
        "/^X-Odd: (.*)/ REPLACE X-Even: <$1> | `X-Odd : ä\r\n` | `X-Even: <ä>\r\n`",
        "/^X-Odd:/ PREPEND X-Seen: yes | `X-Odd` | `X-Seen: yes\r\nX-Odd`",
        "/^Subject:(.*)/ REPLACE X-Subject:$1 | `Subject:  buy` | `X-Subject:  buy`",
        "/^Subject:(.*)/ WARN nothing changes | Subject | Subject",
        "/^Subject:(.*)/ INFO | Subject | Subject",
        "/./ DUNNO | Subject | Subject",
        "/./ OK | Subject | Subject",
      })
  void onlyWhatARuleChangesChanges(String rule, String before, String after) {
    Case.Message answer = check("pcre:{ {" + rule + "} }");

    assertThat(answer.open()).isTrue();
    assertThat(headers(answer)).isEqualTo(HEADERS.replace(before, after));
  }

  @Test
  void theFirstRuleIsTheFieldsAndPassEndsTheLooking() {
    assertThat(headers(check("pcre:{ {/^X-Odd/ OK} {/^X-Odd/ REJECT} }"))).isEqualTo(HEADERS);
    assertThat(check("pcre:{ {/^Subject:/ PASS trusted} {/^To:/ REJECT} }").open()).isTrue();
    assertThat(headers(check("pcre:{ {/^Received:/ IGNORE} {/^Subject:/ PASS} {/^To:/ REJECT} }")))
        .isEqualTo(HEADERS.substring(HEADERS.indexOf("Subject")));
  }

  @Test
  void continuationLinesAreSeenWithTheirLineBreaks() {
    assertThat(check("regexp:{ {/^Subject:  buy\n now$/ REJECT} }").verdict())
        .isInstanceOf(Verdict.Reject.class);
    assertThat(check("regexp:{ {/^X-Odd: / REJECT} }").verdict())
        .as("no white space before the colon")
        .isInstanceOf(Verdict.Reject.class);
  }

  @Test
  void aMessageCanGoElsewhereTooOrInstead() {
    Case.Message copied = check("pcre:{ {/^To:/ BCC log@ex.com} {/^Subject:/ BCC log@ex.com} }");
    assertThat(copied.mail().recipients())
        .extracting(r -> r.address() + " " + r.notifyOn())
        .containsExactly("u@b.org " + Optional.empty(), "log@ex.com " + Optional.of(Notify.NEVER));

    Case.Message redirected =
        check("pcre:{ {/^Received:/ REDIRECT b@ex.com.} {/^To:/ REJECT after a redirect} }");
    assertThat(redirected.mail().recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("b@ex.com");
  }

  @Test
  void aBodyInTheStoreIsNotDivided() {
    var many = new String[500];
    for (int i = 0; i < many.length; i++) {
      many[i] = "u" + i + "@b.org";
    }
    Mail mail = Cases.mail(Cases.own(), HEADERS, many).with(new Content.Stored("4XyZ", 70_000, 1));

    assertThat(check("pcre:{ {/^To:/ BCC log@ex.com} }", mail).verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(452, "4.5.3", "Too many recipients")));
  }

  @Test
  void whatAFieldSaysCannotBreakTheReplyOrTheLog() {
    Mail mail = Cases.mail(Cases.own(), "Subject: a\r\n\t250 ok\u001b[2J\u00e9\r\n", "u@b.org");
    try (var log = new LogLines("org.caravanmta.check")) {
      assertThat(check("pcre:{ {/^Subject:(.*)/ REJECT no$1} }", mail).verdict())
          .isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.1", "no a 250 ok?[2J?")));
      assertThat(log.lines())
          .containsExactly(
              "INFO 4XyZ: reject: header Subject: a??250 ok?[2J\u00e9 from unknown[127.0.0.1];"
                  + " from=<ann@far.example> to=<u@b.org> proto=ESMTP helo=<mail.far.example>:"
                  + " 5.7.1 no a 250 ok?[2J?");
    }
  }

  @Test
  void theLogSaysWhatWasDone() {
    try (var log = new LogLines("org.caravanmta.check")) {
      check("pcre:{ {/^To:/ WARN look} {/^X-Odd/ STRIP} {/^Received:/ IGNORE} }");
      String from =
          " from unknown[192.0.2.9]; from=<ann@far.example> to=<u@b.org> proto=ESMTP"
              + " helo=<mail.far.example>";
      assertThat(log.lines())
          .containsExactly(
              "INFO 4XyZ: strip: header X-Odd: \u00e4" + from,
              "WARN 4XyZ: warning: header To: u@b.org" + from + ": look");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FILTER smtp",
        "REJCT typo",
        "REPLACE no colon",
        "PREPEND",
        "REDIRECT nobody",
        "BCC nobody",
        "REJECT 2.0.0 fine",
      })
  void anActionThatIsNoneIsRefusedWithItsLine(String action, @TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("header_checks");
    Files.writeString(file, "# rules\n/^(a)/ OK\n/^(b)/ " + action + "\n");

    assertThatThrownBy(() -> rules("regexp:" + file))
        .hasMessageStartingWith("regexp:" + file + ", line 3: ");
  }

  @Test
  void aRuleThatComesToNonsenseIsNotApplied() {
    Case.Message answer = check("pcre:{ {/^(Subject):/ REPLACE $1} {/^To: (.*)@/ BCC $1} }");

    assertThat(answer.open()).isTrue();
    assertThat(headers(answer)).isEqualTo(HEADERS);
    assertThat(answer.mail().recipients()).hasSize(1);
  }

  @Test
  void aHostileFieldDefersInsteadOfPassing() {
    Mail mail = Cases.mail(Cases.own(), "Subject: " + "a".repeat(3000) + "b\r\n", "u@b.org");

    assertThat(check("pcre:{ {/(.*)(.*)(.*)(.*)b\\1\\2x$/ REJECT} }", mail).verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.3.0", "checks: Temporary lookup failure")));
    assertThat(check("pcre:{ {/^subject: (a+)+$/ REJECT} }", mail).open()).isTrue();
  }

  @Test
  void aMessageWhoseRulesTakeTooLongIsDeferred() {
    var checks =
        new Checks(
            rules("pcre:{ {/none/ REJECT} }"),
            RulesOf.settings("", ""),
            new Origin(new Domain("ex.com")),
            Added.AS_IT_IS,
            ContentStore.at(Path.of("nowhere")),
            () -> {
              clock.turn(Duration.ofSeconds(4));
              return clock.instant();
            });

    assertThat(
            checks.check(new Case.Message(Cases.mail(Cases.own(), HEADERS, "u@b.org"))).verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.3.0", "checks: take too long")));
  }

  @Property(tries = 300)
  void whateverTheHeaderOtherFieldsKeepTheirBytes(
      @ForAll
          @StringLength(max = 60)
          @CharRange(from = 'a', to = 'c')
          @Chars({':', ' ', '\t', '\u00e4', '\u0001', '<', ';'})
          String value) {
    String odd = "X-Any: " + value + "\r\n\tmore\r\n";
    Mail mail = Cases.mail(Cases.own(), odd + "Y: y\r\n" + odd, "u@b.org");

    assertThat(headers(check("pcre:{ {/^Y:/ REPLACE Z: z} }", mail)))
        .isEqualTo(odd + "Z: z\r\n" + odd);
  }

  private Case.Message check(String table) {
    return check(table, Cases.mail(Cases.stranger("192.0.2.9"), HEADERS, "u@b.org"));
  }

  private Case.Message check(String table, Mail mail) {
    var checks =
        new Checks(
            rules(table),
            RulesOf.settings("", ""),
            new Origin(new Domain("ex.com")),
            Added.AS_IT_IS,
            ContentStore.at(Path.of("nowhere")),
            clock);
    return (Case.Message) checks.check(new Case.Message(mail));
  }

  private Rules rules(String table) {
    return Rules.in(
        RulesOf.tables(List.of(table), List.of(table), List.of(table), List.of()),
        Bounds.USUAL,
        clock);
  }

  private static String headers(Case.Message message) {
    return new String(message.mail().headers().bytes(), StandardCharsets.ISO_8859_1);
  }
}
