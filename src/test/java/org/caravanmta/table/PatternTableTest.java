package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTableTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // case does not matter, and the letter i turns that round
        "pcre | /^(.*)@a\\.org$/ $1@b.org | Joe+n@A.org | Joe+n@b.org",
        "pcre | /^joe/i hit | Joe | -",
        "regexp | /^joe/i hit | joe | hit",
        // a dot is a line break too, unless s or m say otherwise
        "pcre | /a.b/ hit | `a\nb` | hit",
        "pcre | /a.b/s hit | `a\nb` | -",
        "regexp | /a.b/ hit | `a\nb` | hit",
        "regexp | /a.b/m hit | `a\nb` | -",
        "pcre | /^b/m hit | `a\nb` | hit",
        "pcre | /^b/ hit | `a\nb` | -",
        // the other letters
        "pcre | /b/A hit | ab | -",
        "pcre | /a b # note/x hit | ab | hit",
        "pcre | /a b # note/xA hit | cab | -",
        "pcre | /(a+)a*/U <$1> | aaa | <a>",
        // what POSIX means by longest, and by a backslash in brackets
        "regexp | `/(a|ab)(c|bcd)?/ <$0>` | abcd | <abcd>",
        "pcre | `/(a|ab)(c|bcd)?/ <$0>` | abc | <a>",
        "regexp | /^[\\d]$/ hit | 5 | -",
        "regexp | /^[\\d]$/ hit | \\ | hit",
        "pcre | /^[\\d]$/ hit | 5 | hit",
        "regexp | /^[[:digit:]]+$/ hit | 55 | hit",
        "regexp | /^[[:digit:]]+(x)?\\1$/ hit | 55 | -",
        "regexp | /^([[:digit:]])\\1$/ hit | 55 | hit",
        "regexp | /\\<cat\\>/ hit | the cat sat | hit",
        "regexp | /\\<cat\\>/ hit | concatenate | -",
        "pcre | /^[]a[]+$/ hit | a][ | hit",
        "pcre | /^(?=.*b)[]a[b]+$/ hit | a][b | hit",
        // look-around and back-references
        "pcre | /^(?!joe)/ hit | joe | -",
        "pcre | /^(?!joe)/ hit | ann | hit",
        "pcre | /(.)\\1/ $1$$${1}$(1) | abbc | b$bb",
        "pcre | /(x)?a/ <$1> | a | <>",
        // any sign may end a pattern; ! turns it round
        "pcre | `|^/a\\|b| hit` | `/A|b` | hit",
        "pcre | !/a/ none | b | none",
        "pcre | !/a/ none | a | -",
        "pcre | `! /a/ none` | b | none",
      })
  void patternsMeanWhatTheyMeanInPostfix(String type, String rule, String key, String value) {
    Table table = Tables.open(type + ":{ {" + rule + "} }");

    assertThat(table.find(key))
        .isEqualTo(value.equals("-") ? new Lookup.Absent() : new Lookup.Found(value));
  }

  @Test
  void blocksNest() {
    Table table =
        Tables.open(
            """
            pcre:{ {if /^a/} {if !/z$/} {/b/ inner} {endif} {/c/ outer} {endif} {/./ last} }\
            """);

    assertThat(table.find("ab")).isEqualTo(new Lookup.Found("inner"));
    assertThat(table.find("abz")).isEqualTo(new Lookup.Found("last"));
    assertThat(table.find("acz")).isEqualTo(new Lookup.Found("outer"));
    assertThat(table.find("xb")).isEqualTo(new Lookup.Found("last"));
  }

  @Test
  void aHostileTextCannotHoldUpThePatternOfALinearEngine() {
    Table table = Tables.open("pcre:{ {/^(a+)+$/ hit} {/(x+x+)+y/ hit} }");

    assertThat(table.find("a".repeat(50_000) + "!")).isEqualTo(new Lookup.Absent());
  }

  @Test
  void aHostileTextMakesABacktrackingPatternUnavailableNotAbsent() {
    Table table = Tables.open("pcre:{ {/^(.*)(.*)(.*)(.*)b\\1\\2x$/ hit} }");

    assertThat(table.find("a".repeat(300) + "b"))
        .isInstanceOfSatisfying(
            Lookup.Unavailable.class, u -> assertThat(u.why()).contains("too many steps"));
    assertThat(table.find("aabaax")).isEqualTo(new Lookup.Found("hit"));
  }

  @Test
  void aDeepTextDoesNotOverflowTheStack() {
    Table table = Tables.open("pcre:{ {/^(?!x)(a|b)*$/ hit} }");

    assertThat(table.find("ab".repeat(50_000))).isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  void whatNoEngineKnowsIsRefused() {
    assertThatThrownBy(() -> Tables.open("regexp:{ {/[[.a.]]/ x} }"))
        .hasMessageContaining("collating element");
    assertThatThrownBy(() -> Tables.open("regexp:{ {/[[:word:]]/ x} }"))
        .hasMessageContaining("class word");
    assertThatThrownBy(() -> Tables.open("pcre:{ {/(a)(?=b)/U x} }"))
        .hasMessageContaining("flag U");
  }
}
