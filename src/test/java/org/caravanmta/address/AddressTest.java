package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ann@example.org, ann, example.org",
        "ann+news@Example.ORG, ann+news, Example.ORG",
        "\"first last\"@example.org, first last, example.org",
        "\"a\\\"b\"@example.org, a\"b, example.org",
        "ann@[192.0.2.1], ann, [192.0.2.1]",
        "ann@[IPv6:2001:db8::1], ann, [IPv6:2001:db8::1]",
        "a..b@example.org, a..b, example.org",
        "o'brien=x@example.org, o'brien=x, example.org",
      })
  void readsWhatClientsSend(String text, String local, String domain) {
    assertThat(Address.parse(text)).isEqualTo(Address.of(local, domain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example..org",
        "ann@-example.org",
        "ann@exam ple.org",
        "an n@example.org",
        "ann@[192.0.2.1",
        "ann@[]",
        "\"ann@example.org",
        "ann@b@example.org",
        "ann@example.org\r\nRCPT TO:<x@y>",
        "\"ann\r\n\"@example.org",
        "\"ann\\",
        "a\u007fb@example.org",
        "ann@[192.0.2.1 ]",
        "ann@[192.0.2.1[]",
        "ann@[192.0.2.1\u007f]",
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /// RFC 1035 §2.3.4: 63 characters in a label, 255 in a name.
  @Test
  void aDomainIsAsLongAsOneMayBe() {
    String label = "a".repeat(63);
    String longest = (label + ".").repeat(3) + label;
    assertThat(Address.parse("ann@" + longest).domain().name()).isEqualTo(longest);
    assertThatThrownBy(() -> Address.parse("ann@" + longest + ".b"))
        .hasMessageStartingWith("a domain has 1 to 255 characters");
    assertThatThrownBy(() -> Address.parse("ann@a" + label + ".org"))
        .hasMessageStartingWith("a bad domain label \"aa");
  }

  /// The reason is part of a reply: a character that would not be seen is named by its number.
  @Test
  void whatNeedsQuotesIsNamed() {
    assertThatThrownBy(() -> Address.parse("a(b@example.org"))
        .hasMessage("\"(\" needs quotes in \"a(b@example.org\"");
    assertThatThrownBy(() -> Address.parse("a b@example.org"))
        .hasMessageStartingWith("\" \" needs quotes");
    assertThatThrownBy(() -> Address.parse("a\u001fb@example.org"))
        .hasMessageStartingWith("\"0x1f\" needs quotes");
    assertThatThrownBy(() -> Address.parse("a\u007fb@example.org"))
        .hasMessageStartingWith("\"0x7f\" needs quotes");
  }

  /// Of a header section each byte is taken for a character: half of a sharp s is one of C1.
  @Test
  void whatIsTakenWithoutQuotesIsTakenWithin() {
    String sharp = "stra\u00c3\u009fe";
    assertThat(Address.parse('"' + sharp + "\"@b.org")).isEqualTo(Address.parse(sharp + "@b.org"));
    assertThatThrownBy(() -> Address.parse("\"a\u0007b\"@b.org"))
        .hasMessageContaining("control character");
    assertThatThrownBy(() -> Address.parse("\"a\u007fb\"@b.org"))
        .hasMessageContaining("control character");
  }

  @Test
  void quotesOnlyWhereTheGrammarNeedsIt() {
    assertThat(Address.of("ann", "example.org")).hasToString("ann@example.org");
    assertThat(Address.of("first last", "example.org")).hasToString("\"first last\"@example.org");
    assertThat(Address.of("a..b", "example.org")).hasToString("\"a..b\"@example.org");
    assertThat(Address.of("", "example.org")).hasToString("\"\"@example.org");
  }

  @Property
  void whatIsWrittenIsReadBack(
      @ForAll @StringLength(max = 20) @CharRange(from = ' ', to = '~') String local) {
    var address = Address.of(local, "example.org");

    assertThat(Address.parse(address.toString())).isEqualTo(address);
  }

  @Test
  void domainsCompareWithoutCaseAndLocalPartsWithIt() {
    assertThat(Address.of("ann", "Example.org")).isEqualTo(Address.of("ann", "example.ORG"));
    assertThat(Address.of("Ann", "example.org")).isNotEqualTo(Address.of("ann", "example.org"));
  }

  /// What is found in a table.
  @Test
  void itsKeyIsInSmallLettersAndInTheQuotesItNeeds() {
    assertThat(Address.of("Ann", "B\u00fccher.Example").key())
        .isEqualTo("ann@xn--bcher-kva.example");
    assertThat(Address.of("First Last", "Example.org").key())
        .isEqualTo("\"first last\"@example.org");
  }

  /// RFC 6531 §3.3: else only SMTPUTF8 can carry it.
  @Test
  void itIsAsciiIfBothPartsAre() {
    assertThat(Address.of("ann", "example.org").isAscii()).isTrue();
    assertThat(Address.of("\u00e4nn", "example.org").isAscii()).isFalse();
    assertThat(Address.of("ann", "b\u00fccher.example").isAscii()).isFalse();
  }

  @Test
  void namesTheDomainsAboveADomain() {
    assertThat(new Domain("a.B.example").parents()).containsExactly("b.example", "example");
    assertThat(new Domain("[192.0.2.1]").parents()).isEmpty();
    assertThat(new Domain("a.B.example")).hasToString("a.B.example");
  }

  @Test
  void domainsBelowAreThoseOfTheListAndTheirs() {
    DomainList list = DomainList.below(Set.of(new Domain("own.example")));
    assertThat(list.contains(new Domain("own.example"))).isTrue();
    assertThat(list.contains(new Domain("a.b.OWN.example"))).isTrue();
    assertThat(list.contains(new Domain("example"))).isFalse();
    assertThat(list.contains(new Domain("disown.example"))).isFalse();
    assertThat(list.contains(new Domain("far.example."))).isFalse();
  }
}
