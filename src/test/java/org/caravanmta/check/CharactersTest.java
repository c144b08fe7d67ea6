package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.StoredSpool;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes that messages are not to have.
class CharactersTest {
  private static final String NUL = "\\0";

  @TempDir Path directory;

  private final HandClock clock = new HandClock();
  private String rule = "pcre:{ {/none/ REJECT} }";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\0 | 0 | true", "\\000 | 0 | true", "\\200\\377 | 255 | true", "\\t\\\\ | 9 | true",
        "\\t\\\\ | 92 | true", "\\t\\\\ | 116 | false", "ab | 98 | true", "\\0601 | 48 | true",
        "\\0601 | 49 | true",
      })
  void areWrittenWithTheEscapesOfC(String text, int code, boolean among) throws IOException {
    byte[] body = {'.', (byte) code, '.', '\r', '\n'};
    Mail mail = Cases.mail(Cases.own(), "X: .\r\n", "u@b.org").with(new Content.Inline(body));
    assertThat(Characters.of(text).occurIn(mail, _ -> java.io.InputStream.nullInputStream()))
        .isEqualTo(among);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "\\q", "\\n", "\\15", "\u00e4"})
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> Characters.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneRefusesTheMessageWhereverItStands() throws IOException {
    var refusal = new Verdict.Reject(Reply.of(550, "5.7.1", "disallowed character"));
    assertThat(check(NUL, "", mail("X: \0\r\n", "x\r\n")).verdict()).isEqualTo(refusal);
    assertThat(check(NUL, "", mail("X: x\r\n", "\0\r\n")).verdict()).isEqualTo(refusal);
    assertThat(check(NUL, "", stored("x".repeat(70_000) + "\0\r\n")).verdict()).isEqualTo(refusal);
    assertThat(check(NUL, "", mail("X: x\r\n", "x\r\n")).open()).isTrue();
  }

  @Test
  void strippedTheyAreGoneBeforeARuleLooks() throws IOException {
    rule = "pcre:{ {/bad/ REJECT seen} }";
    Mail hidden = mail("X: x\r\n", "b\0a\0d\r\n");
    assertThat(check("", "", hidden).open()).isTrue();
    assertThat(check("", NUL, hidden).open()).isFalse();
  }

  @Test
  void ofStoredContentNothingIsLeftBehind() throws IOException {
    rule = "pcre:{ {/bad/ REJECT seen} {/more/ REPLACE less} }";
    Mail kept = stored("\0" + "x".repeat(70_000) + "\0\r\n");
    Case.Message answer = check("", NUL, kept);
    assertThat(answer.mail().content().length()).isEqualTo(70_002);
    assertThat(files()).isEqualTo(2);
    store().release(((Content.Stored) answer.mail().content()).ref());
    check("", NUL, new Case.Message(kept).mail());
    store().release("4XyZ.p");
    assertThat(files()).isEqualTo(1);
    store().release("4XyZ");
    assertThat(check("", NUL, stored("bad\0\r\n")).open()).isFalse();
    assertThat(files()).isEqualTo(1);
    store().release("4XyZ");
    assertThat(check("", NUL, stored("more\0\r\n")).mail().content().length()).isEqualTo(6);
    assertThat(files()).isEqualTo(2);
  }

  @Property(tries = 200)
  void onlyTheyGo(@ForAll @Size(max = 300) byte[] bytes) throws IOException {
    var stripped = Characters.of("\\0\\200xyz");
    Mail mail =
        Cases.mail(Cases.own(), "X: xa\r\nY: b\r\n", "u@b.org").with(new Content.Inline(bytes));
    Mail plain = stripped.removedFrom(mail, ContentStore.at(Path.of("nowhere")), "ref");
    assertThat(plain.headers()).hasToString("X: a\r\nY: b\r\n");
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(plain.content())
        .isInstanceOfSatisfying(
            Content.Inline.class,
            left ->
                assertThat(new String(left.bytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(all.replaceAll("[\0\u0080xyz]", "")));
    assertThat(stripped.removedFrom(plain, ContentStore.at(Path.of("nowhere")), "ref"))
        .isSameAs(plain);
  }

  private Case.Message check(String refused, String stripped, Mail mail) throws IOException {
    List<String> none = List.of("static:DUNNO");
    var checks =
        new Checks(
            Rules.in(RulesOf.tables(none, none, none, List.of(rule)), Bounds.USUAL, clock),
            RulesOf.settings(refused, stripped),
            new Origin(new Domain("ex.com")),
            Added.AS_IT_IS,
            store(),
            clock);
    return (Case.Message) checks.check(new Case.Message(mail));
  }

  private ContentStore store() throws IOException {
    return ContentStore.open(directory);
  }

  private static Mail mail(String headers, String body) {
    return Cases.mail(Cases.own(), headers, "u@b.org")
        .with(new Content.Inline(body.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private Mail stored(String body) throws IOException {
    StoredSpool spool = store().create("4XyZ");
    spool.write(body.getBytes(StandardCharsets.ISO_8859_1));
    return Cases.mail(Cases.own(), "X: x\r\n", "u@b.org").with(spool.finish());
  }

  private long files() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
