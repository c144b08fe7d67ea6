package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The value of an address field when an address in it has been changed: what stands around the
/// addresses stays.
class AddressTreeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a@x.example, b@y.example | a@x.example, b@y.example",
        "a@x.example b@y.example | a@x.example, b@y.example",
        "<a@x.example> b@y.example | <a@x.example>, b@y.example",
        "<a@x.example> <b@y.example> | <a@x.example> <b@y.example>",
        "Ann Lee <a@x.example>, b@y.example (Bob) | Ann Lee <a@x.example>, b@y.example (Bob)",
        "\"Lee, Ann\" <a@x.example> | \"Lee, Ann\" <a@x.example>",
        "<(Ann) a@x.example> | <a@x.example (Ann)>",
        "team: a@x.example, b@y.example; c@z.example | team: a@x.example, b@y.example;,"
            + " c@z.example",
        "team:; | team: ;",
        "a\\ b@x.example | \"a b\"@x.example",
        "a\\(b@x.example | \"a(b\"@x.example",
        "ann\\ | ann",
      })
  void whatStandsAroundAddressesStays(String text, String folded) {
    assertThat(AddressTree.parse(text).folded("To")).isEqualTo(folded);
  }

  @Test
  void addressesAreReplacedInTheirPlace() {
    AddressTree tree = AddressTree.parse("Ann <a@x.example>, b@y.example (Bob)");
    assertThat(tree.map(address -> address.equals("b@y.example") ? "c@z.example" : address))
        .extracting(changed -> changed.folded("To"))
        .isEqualTo("Ann <a@x.example>, c@z.example (Bob)");
    assertThat(tree.map(UnaryOperator.identity())).isSameAs(tree);
  }

  /// A line is shorter than 70 columns, with the field's name.
  @Test
  void linesAreFoldedAfterCommas() {
    String first = "a@x.example,";
    String fits = "b".repeat(70 - 1 - 4 - first.length() - 1 - "@y.example".length());
    assertThat(folded(first + " " + fits + "@y.example"))
        .isEqualTo(first + " " + fits + "@y.example");
    assertThat(folded(first + " b" + fits + "@y.example"))
        .isEqualTo(first + "\r\n\tb" + fits + "@y.example");
    String half = "c".repeat(20) + "@y.example,";
    String line = half + " " + half;
    assertThat(folded(line + " " + line + " d@z.e")).isEqualTo(line + "\r\n\t" + line + " d@z.e");
    assertThat(folded(line + " " + line + " d@zz.e"))
        .isEqualTo(line + "\r\n\t" + line + "\r\n\td@zz.e");
  }

  @Test
  void aListThatNobodyCouldMeanIsNone() {
    assertThat(AddressTree.parseField("a,".repeat(5_120)).members()).hasSize(5_120);
    assertThat(AddressTree.parseField("a,".repeat(5_120) + "b").members()).isEmpty();
  }

  private static String folded(String list) {
    return AddressTree.parse(list).folded("To");
  }
}
