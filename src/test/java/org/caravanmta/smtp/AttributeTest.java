package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a trusted proxy or filter says of a client: XCLIENT and XFORWARD.
class AttributeTest {
  @Test
  void attributesAreNamesAndValues() throws Exception {
    assertThat(Attribute.parse("name=mx.example  helo=a+20b+C3+BC\tPROTO= LOGIN=[unavailable]"))
        .extracting(attribute -> attribute.name() + " " + attribute.value())
        .containsExactly(
            "NAME Optional[mx.example]",
            "HELO Optional[a bü]",
            "PROTO Optional[]",
            "LOGIN Optional.empty");
    assertThat(one("NAME=[TEMPUNAVAIL]").host()).isEmpty();
    assertThat(one("NAME=" + "a".repeat(255)).value()).hasValue("a".repeat(255));
  }

  @Test
  void valuesAreReadAsWhatTheyAre() throws Exception {
    assertThat(one("ADDR=192.0.2.1").address()).hasValue(InetAddress.ofLiteral("192.0.2.1"));
    assertThat(one("ADDR=ipv6:2001:db8::1").address())
        .hasValue(InetAddress.ofLiteral("2001:db8::1"));
    assertThat(one("PORT=65535").port()).hasValue(65535);
    assertThat(one("PORT=[UNAVAILABLE]").port()).isEmpty();
    assertThat(one("PROTO=esmtp").word("SMTP", "ESMTP")).hasValue("esmtp");
    assertThat(one("NAME=mx-1.a_b.example.").host()).hasValue("mx-1.a_b.example.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NAME | Error: attribute=value expected",
        "NAME=a+2 | Bad attribute value syntax: a+2",
        "NAME=a=b+zz | Bad attribute value syntax: a=b+zz",
        "ADDR=2001:db8::1 | Bad ADDR syntax: 2001:db8::1",
        "ADDR=192.0.2.300 | Bad ADDR syntax: 192.0.2.300",
        "ADDR=mx.example | Bad ADDR syntax: mx.example",
        "PORT=65536 | Bad PORT syntax: 65536",
        "PORT=x | Bad PORT syntax: x",
        "PROTO=HTTP | Bad PROTO syntax: HTTP",
        "HOST=a+20b | Bad HOST syntax: a b",
        "XYZ=1 | Bad XCLIENT attribute name: XYZ",
      })
  void whatMakesNoSenseIsSaid(String text, String why) {
    assertThatThrownBy(() -> understood(one(text)))
        .isInstanceOfSatisfying(
            Attribute.Malformed.class,
            malformed -> {
              assertThat(malformed).hasMessage(why);
              assertThat(malformed.reply()).hasToString("501 5.5.4 " + why);
            });
  }

  @Test
  void aValueIsAsLongAsALineMayBe() {
    assertThatThrownBy(() -> one("NAME=" + "a".repeat(256)))
        .hasMessage("Error: attribute value too long");
  }

  private static void understood(Attribute attribute) throws Attribute.Malformed {
    switch (attribute.name()) {
      case "ADDR" -> attribute.address();
      case "PORT" -> attribute.port();
      case "PROTO" -> attribute.word("SMTP", "ESMTP");
      case "NAME", "HOST" -> attribute.host();
      default -> throw attribute.unknown(Verb.XCLIENT);
    }
  }

  private static Attribute one(String text) throws Attribute.Malformed {
    return Attribute.parse(text).getFirst();
  }
}
