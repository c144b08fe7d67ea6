package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Postfix 3.7 has made of such lists, tried with `aliases(5)`.
class WrittenListTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "a@x.test, b@y.test ^ a@x.test b@y.test",
        "a@x.test b@y.test ^ a@x.test b@y.test",
        "`a@x.test\n\tb@y.test` ^ a@x.test b@y.test",
        "a@x.test; b@y.test ^ a@x.test b@y.test",
        "a@x.test,, b@y.test, ^ a@x.test b@y.test",
        "<a@x.test> <b@y.test> ^ a@x.test b@y.test",
        "<a@x.test>,<b@y.test> ^ a@x.test b@y.test",
        "<a@x.test><b@y.test> ^ a@x.test b@y.test",
        "a@x.test <b@y.test> ^ b@y.test",
        "Ann Doe <a@x.test>, \"Q, R\" <b@y.test> ^ a@x.test b@y.test",
        "Ann (home, <c@z.test>) <a@x.test> (x) ^ a@x.test",
        "(c) a@x.test (d), b@y.test ^ a@x.test b@y.test",
        "a(x)@(y)x.test b ^ a@x.test b",
        "a (never closed, b@y.test ^ a",
        "team: a@x.test, b@y.test; ^ a@x.test b@y.test",
        "c, team: a@x.test; d ^ c a@x.test d",
        "team: Ann <a@x.test>, b; ^ a@x.test b",
        "none:; ^ -",
        "a @ x . test ^ a@x.test",
        "\"a b\"@x.test ^ \"a b\"@x.test",
        "a\\ b@x.test ^ \"a b\"@x.test",
        "\"john doe\".x@y.test ^ \"john doe.x\"@y.test",
        "\"a@x.test, b@y.test ^ \"a@x.test, b@y.test\"",
        "\"a@x.test\" ^ \"a@x.test\"",
        "bad@@x.test ^ \"bad@\"@x.test",
        "a@x.test|b@y.test ^ \"a@x.test|b\"@y.test",
        "a..b@x.test ^ a..b@x.test",
        "x!y!z ^ x!y!z",
        "u%x.test ^ u%x.test",
        "@x.test:u@y.test ^ @x.test:u@y.test",
        "<@x.test,@z.test:u@y.test> b ^ @x.test,@z.test:u@y.test b",
        "a@[192.0.2.1], b@[IPv6:2001:db8::1] ^ a@[192.0.2.1] b@[IPv6:2001:db8::1]",
        "josé@x.test müller ^ josé@x.test müller",
        "a #c ^ a #c",
        ", ; ^ -",
        "`` ^ -",
        "<> ^ -",
        "(only) ^ -",
      })
  void membersAreFoundAsPostfixFindsThem(String list, String members) {
    assertThat(
            WrittenList.parse(list).members().stream()
                .map(WrittenMember::address)
                .collect(Collectors.joining(" ")))
        .isEqualTo(members == null ? "" : members);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "\"|cat > /x, y\" ^ |cat > /x, y",
        "|\"cat > /x\" ^ |cat > /x",
        "|\"a \\\"b\\\"\" ^ |a \"b\"",
        "|/bin/cat ^ |/bin/cat",
        "| /bin/cat ^ |/bin/cat",
        "|/bin/echo hello there ^ |/bin/echo;hello;there",
        "a, |\"cat; x\", b ^ a;|cat; x;b",
        "/var/x /var/y ^ /var/x;/var/y",
        "\"/var/a file\", ~/f ^ /var/a file;~/f",
        ":include: /l, b ^ :include:/l;b",
        ":include:/l /f ^ :include:/l;/f",
      })
  void commandsAndFilesAreMembersToo(String list, String members) {
    assertThat(
            WrittenList.parse(list).members().stream()
                .map(WrittenMember::plain)
                .collect(Collectors.joining(";")))
        .isEqualTo(members);
  }

  @ParameterizedTest
  @CsvSource({
    "\\ann, true",
    "\\ann@x.test, true",
    "ann, false",
    "\"\\ann\", false",
    "a\\nn, false"
  })
  void aBackslashBeforeANameIsKnown(String list, boolean escaped) {
    var members = WrittenList.parse(list).members();
    assertThat(members).hasSize(1);
    assertThat(members.getFirst().escaped()).isEqualTo(escaped);
    assertThat(members.getFirst().plain()).startsWith("ann");
  }

  @Property(tries = 300)
  void nothingIsTooOddToBeRead(@ForAll String list) {
    assertThat(WrittenList.parse(list).members()).isNotNull();
  }
}
