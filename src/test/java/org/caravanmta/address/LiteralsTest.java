package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralsTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "[192.0.2.1], 192.0.2.1",
    "[IPv6:2001:db8::1], 2001:db8::1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
  })
  void anAddressIsReadAndWrittenInItsShortForm(String text, String written) {
    assertThat(Literals.address(text).map(Literals::text)).contains(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org",
        "1",
        "1.2.3",
        "256.0.0.1",
        "1.2.3.4.",
        "1.2.3.4.5",
        "[x]",
        ":::",
        "1::2::3",
        "face"
      })
  void anythingElseIsNone(String text) {
    assertThat(Literals.address(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1:25",
    "2001:db8:0:0:0:0:0:1, [2001:db8::1]:25",
    "fe80:0:0:0:0:0:0:7%1, [fe80::7%1]:25",
  })
  void anAddressOfThisMachineKeepsItsInterface(String address, String written) {
    assertThat(Literals.scoped(new InetSocketAddress(InetAddress.ofLiteral(address), 25)))
        .isEqualTo(written);
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(bytes);
    assertThat(Literals.address(Literals.text(address))).contains(address);
  }

  @Test
  void anEndpointIsAnAddressAndAPort() {
    assertThat(Literals.endpoint("127.0.0.1:2525"))
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2525));
    assertThat(Literals.endpoint("[::1]:0"))
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
    for (String other : List.of("127.0.0.1", "::1:25", "mx.example:25", "127.0.0.1:x", ":25")) {
      assertThatThrownBy(() -> Literals.endpoint(other))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
