package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.policy.BrokenTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSearchTest {
  @ParameterizedTest
  @CsvSource({"1, ''", "2, +Ext", "3, ''", "4, +Ext", "5, ''"})
  void theKeysHaveAnOrder(String value, String extension) {
    // every key from the one with this value on
    String[] keys = {
      "user+ext@own.example=1", "user@own.example=2", "user+ext=3", "user=4", "@own.example=5"
    };
    var rest = List.of(keys).subList(Integer.parseInt(value) - 1, 5);
    Table table = Tables.open("inline:{" + String.join(", ", rest) + "}");

    assertThat(search(table).find(Address.parse("User+Ext@Own.example")))
        .isEqualTo(new Search.Found(value, extension, table));
  }

  @Test
  void bareKeysAreForOurOwnDomainsOnly() {
    var search = search(Tables.open("inline:{user=bare, @far.example=far}"));

    assertThat(search.find(Address.parse("user+x@far.example")))
        .isInstanceOfSatisfying(Search.Found.class, f -> assertThat(f.value()).isEqualTo("far"));
  }

  @Test
  void allTablesAreAskedForAKeyBeforeTheNextKey() {
    var first = Tables.open("inline:{@own.example=all}");
    var second = Tables.open("inline:{user@own.example=one}");

    assertThat(search(first, second).find(Address.parse("user@own.example")))
        .isEqualTo(new Search.Found("one", "", second));
  }

  @Test
  void patternsAreShownTheWholeAddressOnlyAsItIsWritten() {
    var search = search(Tables.open("pcre:{ {/^(User|user)$/i part} {/^User\\+x@/i whole} }"));

    assertThat(search.find(Address.parse("User+x@own.example")))
        .isInstanceOfSatisfying(Search.Found.class, f -> assertThat(f.value()).isEqualTo("whole"));
    assertThat(search.find(Address.parse("user+x@own.example"))).isEqualTo(new Search.Absent());
  }

  @Test
  void keysHaveTheirQuotes() {
    var search = search(Tables.open("inline:{ {\"a b\"@own.example = x} {\"c d\" = y} }"));

    assertThat(search.find(Address.of("A b+e", "own.example"))).isInstanceOf(Search.Found.class);
    assertThat(search.find(Address.of("c d", "own.example"))).isInstanceOf(Search.Found.class);
  }

  @Test
  void aTableThatCannotBeAskedIsNotAbsent() {
    var down = new BrokenTable("ldap");
    var up = Tables.open("inline:{user@own.example=one}");

    assertThat(search(down, up).find(Address.parse("user@own.example")))
        .isEqualTo(new Search.Unavailable("ldap is down"));
    assertThat(search(up, down).find(Address.parse("user@own.example")))
        .isInstanceOf(Search.Found.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Postmaster",
        "mailer-daemon",
        "double-bounce",
        "owner-list",
        "list-request",
        "plain",
        "+x"
      })
  void someAreNeverSplit(String local) {
    assertThat(new Extensions("+-").split(Address.of(local, "a.example"))).isEmpty();
  }

  @Test
  void anAddressIsSplitAtTheFirstDelimiter() {
    assertThat(new Extensions("+-").split(Address.of("a-b+c", "d.example")))
        .hasValue(new Extensions.Split(Address.of("a", "d.example"), "-b+c"));
    assertThat(new Extensions("+").split(Address.of("owner-a+b", "d.example")))
        .hasValue(new Extensions.Split(Address.of("owner-a", "d.example"), "+b"));
    assertThat(new Extensions("+").split(Address.of("user+", "d.example")))
        .hasValue(new Extensions.Split(Address.of("user", "d.example"), "+"));
    assertThat(new Extensions("").split(Address.of("a+b", "d.example"))).isEmpty();
  }

  private static AddressSearch search(Table... tables) {
    return new AddressSearch(
        new SearchPath(List.of(tables)),
        new Extensions("+"),
        domain -> domain.key().equals("own.example"));
  }
}
