package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {
  @TempDir Path directory;

  @Test
  void aTextTableHasKeysWithoutCaseCommentsAndContinuations() throws IOException {
    Table table =
        open(
            "texthash",
            """
            # who gets what
            Ann@Example.org   ann@home.example,
              # and her archive
                archive@home.example

            "first last"@example.org  fl@home.example
            @example.net\t@example.org
            ann@example.org never
            """);

    assertThat(table.find("ANN@example.org"))
        .isEqualTo(new Lookup.Found("ann@home.example,    archive@home.example"));
    assertThat(table.find("\"First Last\"@example.org"))
        .isEqualTo(new Lookup.Found("fl@home.example"));
    assertThat(table.find("@example.net")).isEqualTo(new Lookup.Found("@example.org"));
    assertThat(table.find("bob@example.org")).isEqualTo(new Lookup.Absent());
  }

  @Test
  void aTableStandsInTheSettingItself() {
    Table table = Tables.open("inline:{alice=maildir, Bob=maildir}");
    assertThat(table.find("alice")).isEqualTo(new Lookup.Found("maildir"));

    Table spaced = Tables.open("inline:{a=b, { C@d.example = e f, g }}");
    assertThat(spaced.find("c@D.example")).isEqualTo(new Lookup.Found("e f, g"));
    assertThat(Tables.open("inline:{}").find("a")).isEqualTo(new Lookup.Absent());
    assertThat(Tables.open("static: all of it ").find("x"))
        .isEqualTo(new Lookup.Found("all of it"));
  }

  @Test
  void networksAreTriedFromTheTop() throws IOException {
    Table table =
        open(
            "cidr",
            """
            192.0.2.1        one
            192.0.2.0/24     many
            if 10.0.0.0/8
            !10.1.0.0/16     not ours
            10.1.2.0/24      ours
            endif
            2001:db8::/32    six
            """);

    assertThat(table.find("192.0.2.1")).isEqualTo(new Lookup.Found("one"));
    assertThat(table.find("192.0.2.2")).isEqualTo(new Lookup.Found("many"));
    assertThat(table.find("10.2.0.1")).isEqualTo(new Lookup.Found("not ours"));
    assertThat(table.find("10.1.2.3")).isEqualTo(new Lookup.Found("ours"));
    assertThat(table.find("10.1.3.3")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("2001:db8:1::1")).isEqualTo(new Lookup.Found("six"));
    assertThat(table.find("mail.example.org")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("3232235777")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("1.2.3")).isEqualTo(new Lookup.Absent());
  }

  @Test
  void aMillionEntriesAreReadAndFound() throws IOException {
    var source = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      source.append("user").append(i).append("@example.org  box").append(i).append("\n");
    }
    long before = memory();
    long begun = System.nanoTime();
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Table table = open("texthash", source.toString());
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    long read = System.nanoTime();
    for (int i = 0; i < 1_000_000; i += 7) {
      assertThat(table.find("user" + i + "@example.org")).isEqualTo(new Lookup.Found("box" + i));
    }
    System.out.printf(
        "a million entries: read in %d ms (%d ms of CPU), %d ns for one lookup, %d bytes for one"
            + " entry%n",
        (read - begun) / 1_000_000,
        spent / 1_000_000,
        (System.nanoTime() - read) / (1_000_000 / 7),
        (memory() - before) / 1_000_000);
    assertThat(table.find("user")).isInstanceOf(Lookup.Absent.class);
  }

  private static long memory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void namesOfAliasesEndAtTheirColon() throws IOException {
    Path file = directory.resolve("aliases");
    Files.writeString(file, "Root:ann\n\"two words\" : bob\nweb: \"|/bin/cat a:b\"\n");
    var aliases = Tables.aliases(TableNames.of("hash:" + file), InstantSource.system(), Values.ANY);
    assertThat(value(aliases.find("root"))).isEqualTo("ann");
    assertThat(value(aliases.find("two words"))).isEqualTo("bob");
    assertThat(value(aliases.find("web"))).isEqualTo("\"|/bin/cat a:b\"");
  }

  /// What postalias and postmap of Postfix 3.7 make of such lines; or, `-`, pass over.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "root ann | root | ann",
        "root ann@x.example, bob | root | ann@x.example, bob",
        "root : ann | root | ann",
        "root:ann | root | ann",
        "`\"john doe\": jd` | john doe | jd",
        "`\"john doe\": jd` | \"john doe\" | jd",
        "`\"john doe\" jd` | john doe | jd",
        "two words: tw | two words | tw",
        "jane.roe: jr | jane.roe | jr",
        "a(comment): x | a | x",
        "list :include:/etc/list | list | :include:/etc/list",
        "list: :include:/etc/list | list | :include:/etc/list",
        "team staff: ann, bob; | team | staff: ann, bob;",
        "team: staff: ann, bob; | team | staff: ann, bob;",
        "team ann, staff: bob, joe; | team | ann, staff: bob, joe;",
        "`prog \"|cat a:b\"` | prog | `\"|cat a:b\"`",
        "noval: | noval | -",
        "noval: (nobody) | noval | -",
        "alone | alone | -",
        ": empty | empty | -",
        "a@b: at | a@b | -",
        "u%h: at | u%h | -",
        "a, b: comma | a | -",
        "` lead: x` | lead | -",
      })
  void aLineOfAliasesIsReadAsPostfixReadsIt(String line, String name, String value)
      throws IOException {
    Path file = Files.writeString(directory.resolve("aliases"), line + "\nnext: there\n");
    var remarks = new Remarks();
    var aliases =
        remarks.gather(
            () ->
                Tables.aliases(
                    TableNames.of("texthash:" + file), InstantSource.system(), Values.ANY));
    assertThat(aliases.find("next")).isInstanceOf(Search.Found.class);
    assertThat(aliases.find(name) instanceof Search.Found found ? found.value() : "-")
        .isEqualTo(value);
    assertThat(remarks.skipped()).hasSize(value.equals("-") ? 1 : 0);
    assertThat(remarks.skipped()).allMatch(it -> it.startsWith("texthash:" + file + ", line 1: "));
  }

  @Test
  void oneBadLineDoesNotHideTheNext() throws IOException {
    Path file = directory.resolve("table");
    Files.writeString(file, " early x\nalone\ngood y\nlast\n");
    var remarks = new Remarks();
    Table table = remarks.gather(() -> Tables.open("texthash:" + file));
    assertThat(table.find("good")).isEqualTo(new Lookup.Found("y"));
    assertThat(remarks.skipped())
        .containsExactly(
            "texthash:" + file + ", line 1: continues a line, but there is none before it",
            "texthash:" + file + ", line 2: expected \"key value\", found \"alone\"",
            "texthash:" + file + ", line 4: expected \"key value\", found \"last\"");
  }

  /// Rules that are left out would let something through: all of a table, or nothing.
  @Test
  void ofRulesAllBadLinesAreSaidAtOnce() throws IOException {
    Values numbers = v -> Integer.parseInt(v);
    Path texts = Files.writeString(directory.resolve("texts"), "a 1\nb x\nc\nd y\n");
    Path patterns =
        Files.writeString(
            directory.resolve("patterns"), "/(/ 1\nif /[/\n/b/ x\nendif\n/c/ 2\n/d/\n");
    Path networks =
        Files.writeString(directory.resolve("networks"), "10.0.0.0/99 1\n10.0.0.1\n10.0.0.2 x\n");
    var remarks = new Remarks();
    remarks.gather(
        () -> {
          Tables.open("texthash:" + texts, InstantSource.system(), numbers);
          Tables.open("pcre:" + patterns, InstantSource.system(), numbers);
          return Tables.open("cidr:" + networks, InstantSource.system(), numbers);
        });
    assertThat(remarks.skipped()).isEmpty();
    assertThat(remarks.refused())
        .extracting(line -> line.replaceFirst(".*/(\\w+), (line \\d+).*", "$1 $2"))
        .containsExactly(
            "texts line 2",
            "texts line 3",
            "texts line 4",
            "patterns line 1",
            "patterns line 2",
            "patterns line 3",
            "patterns line 6",
            "networks line 1",
            "networks line 2",
            "networks line 3");
  }

  /// What strangers write is not part of a command, a path or a number (postfix
  /// DICT_FLAG_NO_REGSUB).
  @ParameterizedTest
  @ValueSource(
      strings = {
        "regexp:{ {/^(.*)$/ |cat > $1} }",
        "pcre:{ {/^(a)/ ${1}/Maildir/} }",
        "pcre:{ {/^(a)/ $(1)} }",
        "pcre:{ {if /a/} {/^(a)/ x$1} {endif} }",
        "unionmap:{static:x, {pcre:{ {/^(a)/ $1} }}}",
        "pipemap:{ {pcre:{ {/^(a)/ $1} }}, inline:{a=b}}",
        "pipemap:{inline:{a=b}, {pcre:{ {/^(b)/ $1} }}}",
        "proxy:pcre:{ {/^(a)/ $1} }",
      })
  void aTableOfOnesOwnWordsTakesNoneOfTheKey(String name) {
    assertThat(Tables.open(name).name()).isEqualTo(name.replace("proxy:", ""));
    assertThatThrownBy(() -> Tables.open(name, InstantSource.system(), Values.FIXED))
        .isInstanceOf(TableProblem.class)
        .hasMessageContaining("what is looked up comes from strangers");
    assertThatThrownBy(
            () -> Tables.aliases(TableNames.of(name), InstantSource.system(), Values.FIXED))
        .isInstanceOf(TableProblem.class);
  }

  @Test
  void anEmptyValueIsNoAnswer() {
    var path = new SearchPath(List.of(Tables.open("inline:{a=}")));
    assertThat(path.find("a")).isInstanceOf(Search.Unavailable.class);
  }

  private static String value(Search found) {
    return found instanceof Search.Found(String value, _, _) ? value : String.valueOf(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cidr | 192.0.2.1/24 x | line 1: \"192.0.2.1/24\" has address bits after its prefix of 24",
        "cidr | mail.example.org x | line 1: \"mail.example.org\" is not a network",
        "cidr | if 10.0.0.0/8 | line 1: expected an endif for each if",
        "regexp | /a/ | line 1: expected a value after the pattern",
        "regexp | /a x | line 1: expected a second / at the end of the pattern",
        "regexp | a x | line 1: expected /pattern/, found \"a x\"",
        "regexp | /a/x OK | line 1: the flag x is not one of i, m",
        "pcre | /a/q OK | line 1: the flag q is not one of i, m, s, x, A, E, U, X",
        "pcre | /(a/ OK | line 1: \"(a\" is not a regular expression",
        "pcre | /(a)/ $2 | line 1: expected $$, or $1 for one of the pattern's 1 groups, in \"$2\"",
        "pcre | !/(a)/ $1 | line 1: a negated pattern has no $1 to put in",
        "pcre | endif | line 1: expected an if before the endif",
        "pcre | if /a/ | line 1: expected an endif for this if",
        "pcre | if /a/ OK | line 1: expected nothing after the pattern of an if, found \"OK\"",
      })
  void aBadLineIsRefusedWithItsPlace(String type, String line, String problem) {
    assertThatThrownBy(() -> open(type, line))
        .isInstanceOf(TableProblem.class)
        .hasMessageContaining(type + ":" + directory.resolve("table") + ", " + problem);
  }

  @Test
  void aBadNameIsRefused() {
    assertThatThrownBy(() -> Tables.open("lmdb:/etc/aliases"))
        .hasMessageStartingWith("lmdb:/etc/aliases: expected a table such as texthash:");
    assertThatThrownBy(() -> Tables.open("texthash:" + directory.resolve("none")))
        .hasMessageEndingWith("/none: cannot be read: there is no such file");
    assertThatThrownBy(() -> Tables.open("inline:{a=b")).hasMessageContaining("entries in braces");
    assertThatThrownBy(() -> Tables.open("inline:{a}")).hasMessageContaining("entry 1: expected");
  }

  @Test
  void aValueThatItsReaderCannotUseIsRefusedWithItsLine() throws IOException {
    Path file = directory.resolve("table");
    Files.writeString(file, "a 1\nb x\n");

    assertThatThrownBy(
            () -> Tables.open("texthash:" + file, InstantSource.system(), v -> Integer.parseInt(v)))
        .isInstanceOf(TableProblem.class)
        .hasMessageContaining(", line 2: For input string: \"x\"");
  }

  private Table open(String type, String source) throws IOException {
    Path file = directory.resolve("table");
    Files.writeString(file, source);
    return Tables.open(type + ":" + file);
  }
}
