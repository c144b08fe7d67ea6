package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextHopTest {
  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, , false",
    "example.org., example.org., , false",
    "example.org:2525, example.org, 2525, false",
    "example.org:submission, example.org, 587, false",
    "gr\u00fc\u00dfe.example:smtp, gr\u00fc\u00dfe.example, 25, false",
    "[mx.example.org], mx.example.org, , true",
    "[mx_1.example.org]:smtp, mx_1.example.org, 25, true",
    "[192.0.2.1]:65535, 192.0.2.1, 65535, true",
    "[2001:db8::1], 2001:db8::1, , true",
    "[IPv6:2001:db8::1]:24, 2001:db8::1, 24, true",
    "[ipv6:::1]:lmtp, ::1, 24, true",
    "inet:mx.example.org:24, mx.example.org, 24, true",
    "inet:127.0.0.1:24, 127.0.0.1, 24, true",
    "inet:[::1]:24, ::1, 24, true",
    "inet:localhost, localhost, , true"
  })
  void aHostIsWrittenAsInPostfix(String text, String host, Integer port, boolean direct) {
    assertThat(NextHopReader.list(text))
        .containsExactly(new NextHop.Host(host, Optional.ofNullable(port), direct));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/run/dovecot/lmtp", "private/dovecot-lmtp"})
  void aSocketIsAPath(String path) {
    assertThat(NextHopReader.list("unix:" + path)).containsExactly(new NextHop.Socket(path));
  }

  @Test
  void severalAreTriedInTheirOrder() {
    assertThat(NextHopReader.list(" [a.example]:25, b.example\tunix:/c ,"))
        .containsExactly(
            new NextHop.Host("a.example", Optional.of(25), true),
            new NextHop.Host("b.example", Optional.empty(), false),
            new NextHop.Socket("/c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " , ",
        "[",
        "[]",
        "a:b:c",
        "a:0",
        "a:65536",
        "a:99999",
        "a:-1",
        "a:no-such-service",
        "a:",
        "[a.example",
        "a.example]",
        "[a b]:25",
        "[2001:db8::g]",
        "[IPv6:192.0.2.1.5]",
        "nonsense:/x/y",
        "unix:",
        "unixx:/x",
        "/run/lmtp",
        "-a.example",
        "a.example..-",
        "2001:db8::1",
        "a/b",
        "[a]:25:26",
        "ok.example, [bad"
      })
  void whatIsNotOneIsNamed(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> NextHopReader.list(text));
  }

  /// RFC 8314 §7.3: mail goes there in TLS from the first byte on.
  @ParameterizedTest
  @ValueSource(strings = {"submissions", "smtps", "ssmtp", "urd"})
  void thePortOfTlsFromTheFirstByteHasSeveralNames(String port) {
    assertThat(NextHopReader.list("[192.0.2.1]:" + port))
        .containsExactly(new NextHop.Host("192.0.2.1", Optional.of(465), true));
  }

  @Test
  void thePortsOfTheMachineHaveTheirNames() {
    assertThat(List.of("smtp", "mail", "lmtp", "submission"))
        .allSatisfy(name -> assertThat(Services.port(name)).isPresent());
    assertThat(Services.port("Smtp")).isEmpty();
  }
}
