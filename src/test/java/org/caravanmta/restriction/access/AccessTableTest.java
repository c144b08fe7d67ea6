package org.caravanmta.restriction.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The keys of postfix `access(5)`, in their order.
class AccessTableTest {
  /// A table that has nothing, and remembers what it was asked for.
  private record Asked(List<String> keys, boolean patterns) implements Table {
    @Override
    public String name() {
      return "asked";
    }

    @Override
    public Lookup find(String key) {
      keys.add(key);
      return new Lookup.Absent();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | a.ex.com | 192.0.2.9        | a.ex.com ex.com com 192.0.2.9 192.0.2 192.0 192
          true  | a.ex.com | 192.0.2.9        | a.ex.com 192.0.2.9
          false | unknown  | 2001:db8:1::25   | unknown 2001:db8:1::25 2001:db8:1 2001:db8 2001
          false | 1.2.3.4  | 1.2.3.4          | 1.2.3.4 1.2.3.4 1.2.3 1.2 1
          """)
  void hosts(boolean patterns, String name, String address, String keys) {
    var asked = new Asked(new ArrayList<>(), patterns);

    table(asked).host(name, InetAddress.ofLiteral(address));

    assertThat(String.join(" ", asked.keys())).isEqualTo(keys);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | u+x@a.ex.com | u+x@a.ex.com u@a.ex.com a.ex.com ex.com com u+x@ u@
          false | u@ex.com     | u@ex.com ex.com com u@
          true  | u+x@ex.com   | u+x@ex.com
          """)
  void addresses(boolean patterns, String address, String keys) {
    var asked = new Asked(new ArrayList<>(), patterns);

    table(asked).mailbox(Address.parse(address));

    assertThat(String.join(" ", asked.keys())).isEqualTo(keys);
  }

  private static AccessTable table(Table table) {
    return new AccessTable(new SearchPath(List.of(table)), new Extensions("+"));
  }
}
