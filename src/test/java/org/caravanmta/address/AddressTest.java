package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
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

  @Test
  void namesTheDomainsAboveADomain() {
    assertThat(new Domain("a.B.example").parents()).containsExactly("b.example", "example");
    assertThat(new Domain("[192.0.2.1]").parents()).isEmpty();
  }
}
