package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposedTableTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unionmap:{inline:{a=1, b=2}, inline:{a=3}, static:x} | a | 1,3,x",
        "unionmap:{inline:{a=1, b=2}, inline:{a=3}} | b | 2",
        "unionmap:{inline:{a=1}, inline:{a=3}} | c | ",
        "unionmap:{inline:{a=1}, fail:on-purpose} | a | !",
        "pipemap:{inline:{a=b, c=d}, inline:{b=end}} | A | end",
        "pipemap:{inline:{a=b, c=d}, inline:{b=end}} | c | ",
        "pipemap:{regexp:{{/^(.*)@old.example$/ $1@new.example}}, static:yes} | u@old.example |"
            + " yes",
        "pipemap:{inline:{a=b}, fail:x} | a | !",
        "pipemap:{inline:{a=b}, fail:x} | b | ",
        "fail:always | a | !",
        "proxy:static:x | a | x",
      })
  void tablesAreMadeOfTables(String table, String key, String value) {
    Lookup found = Tables.open(table).find(key);
    if (value == null) {
      assertThat(found).isEqualTo(new Lookup.Absent());
    } else if (value.equals("!")) {
      assertThat(found).isInstanceOf(Lookup.Unavailable.class);
    } else {
      assertThat(found).isEqualTo(new Lookup.Found(value));
    }
  }

  @Test
  void aRandomTableSaysEachOfItsValues() {
    Table table = Tables.open("randmap:{[a.example], {[b.example]:26}, [c.example]}");

    assertThat(IntStream.range(0, 500).mapToObj(i -> table.find("any")))
        .containsOnly(
            new Lookup.Found("[a.example]"),
            new Lookup.Found("[b.example]:26"),
            new Lookup.Found("[c.example]"));
  }

  @Test
  void partsOfAKeyAreAskedOfAUnionThatHasAnyTableOfKeys() {
    assertThat(Tables.open("unionmap:{regexp:{{/a/ b}}, inline:{a=b}}").patterns()).isFalse();
    assertThat(Tables.open("unionmap:{regexp:{{/a/ b}}}").patterns()).isTrue();
    assertThat(Tables.open("pipemap:{regexp:{{/a/ b}}, inline:{a=b}}").patterns()).isTrue();
  }

  @Test
  void whatIsWrongInsideIsNamed() {
    assertThatThrownBy(() -> Tables.open("unionmap:{inline:{a=b}, lmdb:x}"))
        .hasMessageStartingWith("lmdb:x: expected a table");
    assertThatThrownBy(() -> Tables.open("pipemap:{}")).hasMessageContaining("at least one item");
    assertThatThrownBy(() -> Tables.open("randmap:{a"))
        .hasMessageContaining("expected entries in braces");
  }
}
