package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.NetworkList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.example                          | A.Example     | APART  | true
          a.example                          | b.a.example   | APART  | false
          a.example                          | c.b.a.example | WITH   | true
          a.example                          | ba.example    | WITH   | false
          .a.example                         | b.a.example   | WITH   | false
          .a.example                         | c.b.a.example | DOTTED | true
          .a.example                         | a.example     | DOTTED | false
          a.example                          | b.a.example   | DOTTED | false
          !b.a.example a.example             | b.a.example   | WITH   | false
          !b.a.example a.example             | c.a.example   | WITH   | true
          a.example !b.a.example             | b.a.example   | WITH   | true
          !!a.example                        | a.example     | APART  | true
          !inline:{b.example=x} static:all   | b.example     | APART  | false
          !inline:{b.example=x} static:all   | c.example     | APART  | true
          inline:{a.example=REJECT}          | b.a.example   | WITH   | true
          inline:{a.example=REJECT}          | b.a.example   | APART  | false
          inline:{.a.example=x}              | b.a.example   | DOTTED | true
          inline:{.a.example=x}              | a.example     | DOTTED | false
          pcre:{{/^a\\./ x}}                  | a.example     | WITH   | true
          pcre:{{/^a\\./ x}}                  | b.a.example   | WITH   | false
          x.example                          | [192.0.2.1]   | WITH   | false
          """)
  void theFirstItemThatFitsDecides(
      String items, String domain, Patterns.Below below, boolean inside) {
    assertThat(domains(below, items.split(" (?!x)")).contains(new Domain(domain)))
        .isEqualTo(inside);
  }

  @Test
  void aDomainIsInTheListByEitherName() {
    for (var below : Patterns.Below.values()) {
      for (String item : List.of("gr\u00fc\u00dfe.example", "XN--gre-6ka8l.example")) {
        var list = Patterns.domains(List.of(item), below, InstantSource.system());
        assertThat(list.contains(new Domain("GR\u00dc\u00dfE.example"))).isTrue();
        assertThat(list.contains(new Domain("xn--gre-6ka8l.example"))).isTrue();
        assertThat(list.contains(new Domain("gr\u00fcsse.example"))).isFalse();
      }
    }
    var above =
        Patterns.domains(
            List.of(".gr\u00fc\u00dfe.example", "!other.example"),
            Patterns.Below.DOTTED,
            InstantSource.system());
    assertThat(above.contains(new Domain("mx.xn--gre-6ka8l.example"))).isTrue();
  }

  @Test
  void itemsMayStandInFilesThatNameFiles() throws IOException {
    Path more = Files.writeString(directory.resolve("more"), "c.example\n!d.example,e.example\n");
    Path file =
        Files.writeString(
            directory.resolve("names"), "# ours\na.example  b.example\n\n " + more + "\n");
    DomainList inside = domains(Patterns.Below.APART, file.toString());
    DomainList outside = domains(Patterns.Below.APART, "!" + file, "static:x");

    for (String name : List.of("a.example", "b.example", "c.example", "e.example")) {
      assertThat(inside.contains(new Domain(name))).as(name).isTrue();
      assertThat(outside.contains(new Domain(name))).as(name).isFalse();
    }
    assertThat(inside.contains(new Domain("d.example"))).isFalse();
    assertThat(outside.contains(new Domain("d.example"))).isTrue();
  }

  @Test
  void aFileThatNamesItselfIsRefused() throws IOException {
    Path file = directory.resolve("names");
    Files.writeString(file, "a.example " + file + "\n");

    assertThatThrownBy(() -> domains(Patterns.Below.APART, file.toString()))
        .isInstanceOf(TableProblem.class)
        .hasMessageContaining("a file that names itself");
    assertThatThrownBy(() -> domains(Patterns.Below.APART, "/not/there"))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void whatCannotBeAskedIsNoAnswer() {
    DomainList list = domains(Patterns.Below.APART, "a.example", "fail:away", "b.example");

    assertThat(list.contains(new Domain("a.example"))).isTrue();
    assertThatThrownBy(() -> list.contains(new Domain("b.example")))
        .isInstanceOf(DomainList.Unavailable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.0/24                            | 192.0.2.9   | true
          !192.0.2.9 192.0.2.0/24                 | 192.0.2.9   | false
          !192.0.2.9 192.0.2.0/24                 | 192.0.2.10  | true
          !192.0.2.9                              | 192.0.2.10  | false
          [2001:db8::]/32 !2001:db8::1            | 2001:db8::1 | true
          !2001:db8::1 [2001:db8::]/32            | 2001:db8::1 | false
          hash:OWN                                | 2001:db8::2 | true
          hash:OWN                                | 192.0.2.2   | true
          hash:OWN                                | 192.0.2.3   | false
          cidr:{{10.0.0.0/8_x}} 192.0.2.7         | 10.1.2.3    | true
          !cidr:{{10.1.0.0/16_x}} 10.0.0.0/8      | 10.1.2.3    | false
          """)
  void networksMayBeTablesToo(String items, String address, boolean inside) throws IOException {
    Path own = Files.writeString(directory.resolve("own"), "192.0.2.2 x\n2001:db8::2 x\n");
    List<String> texts =
        List.of(items.replace("OWN", own.toString()).split(" ")).stream()
            .map(text -> text.replace('_', ' '))
            .toList();
    NetworkList list = Patterns.networks(texts, InstantSource.system());

    assertThat(list.contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  @Test
  void noServerIsAskedAboutEachClient() {
    for (String table :
        List.of("ldap:/x", "unionmap:{tcp:127.0.0.1:1}", "!socketmap:unix:/x:y", "proxy:jdbc:/x")) {
      assertThatThrownBy(() -> Patterns.networks(List.of(table), InstantSource.system()))
          .isInstanceOf(TableProblem.class)
          .hasMessageContaining("tables in files only");
    }
    assertThatThrownBy(() -> Patterns.networks(List.of("far.example"), InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a network");
  }

  @Test
  void usersAndGroupsOfTheMachineAreTables() {
    assertThat(Tables.open("unix:passwd.byname").find("root"))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.value()).startsWith("root:x:0:0:"));
    assertThat(Tables.open("unix:passwd.byname").find("Root")).isInstanceOf(Lookup.Found.class);
    assertThat(Tables.open("unix:group.byname").find("root"))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.value()).startsWith("root:x:0:"));
    for (String name : List.of("nobody-here", "0", "-a", "root@example.org", "", "a b")) {
      assertThat(Tables.open("unix:passwd.byname").find(name)).isInstanceOf(Lookup.Absent.class);
    }
    assertThatThrownBy(() -> Tables.open("unix:shadow.byname"))
        .hasMessageContaining("expected unix:passwd.byname or unix:group.byname");
  }

  private static DomainList domains(Patterns.Below below, String... items) {
    return Patterns.domains(List.of(items), below, InstantSource.system());
  }
}
