package org.caravanmta.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StsPolicyTest {
  /// The example of RFC 8461 §3.2.
  private static final String EXAMPLE =
      "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\n"
          + "mx: backupmx.example.com\nmax_age: 604800\n";

  @Test
  void theExampleOfTheRfcIsRead() {
    assertThat(StsPolicy.parse(EXAMPLE))
        .isEqualTo(
            new StsPolicy(
                StsPolicy.Mode.ENFORCE,
                Duration.ofDays(7),
                List.of("mail.example.com", "*.example.net", "backupmx.example.com")));
  }

  @Test
  void linesMayEndEitherWayAndKeysMayBeNewOrRepeated() {
    var policy =
        StsPolicy.parse(
            "version:STSv1\r\n"
                + "mode:\ttesting \r\n"
                + "mode: enforce\r\n"
                + "future: x\r\n"
                + "max_age: 99999999\r\n"
                + "mx: MX.Example.ORG");
    assertThat(policy.mode()).isEqualTo(StsPolicy.Mode.TESTING);
    assertThat(policy.lifetime()).isEqualTo(Duration.ofSeconds(31_557_600));
    assertThat(policy.hosts()).containsExactly("mx.example.org");
  }

  /// RFC 8461 §4.1.
  @ParameterizedTest
  @CsvSource({
    "mail.example.com, true",
    "MAIL.Example.com, true",
    "a.example.net, true",
    "example.net, false",
    "a.b.example.net, false",
    "other.example.com, false",
    "example.com, false",
    "xmail.example.com, false"
  })
  void aWildcardIsOneLabel(String host, boolean named) {
    assertThat(StsPolicy.parse(EXAMPLE).names(host)).isEqualTo(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: enforce;mx: a.example;max_age: 1 | version is not STSv1",
        "version: STSv2;mode: enforce;mx: a.example;max_age: 1 | version is not STSv1",
        "version: STSv1;mx: a.example;max_age: 1 | mode is none of enforce, testing, none: \"\"",
        "version: STSv1;mode: on;mx: a.example;max_age: 1 | mode is none of",
        "version: STSv1;mode: enforce;max_age: 1 | no mx",
        "version: STSv1;mode: testing;mx: a.example | max_age is not a number",
        "version: STSv1;mode: testing;mx: a.example;max_age: -1 | max_age is not a number",
        "version: STSv1;mode: testing;mx: a.*.example;max_age: 1 | mx is not the name of a host",
        "version: STSv1;mode: testing;mx: ../etc;max_age: 1 | mx is not the name of a host",
        "<html>;version: STSv1 | not a key and a value: \"<html>\""
      })
  void whatIsNotAPolicyIsRefusedWithTheReason(String lines, String why) {
    assertThatThrownBy(() -> StsPolicy.parse(lines.replace(';', '\n')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void thePolicyThatThereIsNoneNeedsNoHosts() {
    assertThat(StsPolicy.parse("version: STSv1\nmode: none\nmax_age: 86400").hosts()).isEmpty();
  }

  @Property(tries = 300)
  void anyTextIsAPolicyOrRefused(@ForAll String text) {
    try {
      assertThat(StsPolicy.parse(text).lifetime().isNegative()).isFalse();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).doesNotContain("\n", "\r").isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v=STSv1; id=20160831085700Z; | 20160831085700Z",
        "v=STSv1;id=1 | 1",
        "v=STSv1 ; id=a1 ; ext=2 | a1",
        "v=STSv1; ext=2; id=a1; | a1",
        "v=STSv1; id=; |",
        "v=STSv1; |",
        "v=STSv1x; id=1; |",
        "v=spf1 -all |",
        "v=STSv1; id=a-b; |"
      })
  void theRecordNamesTheVersion(String text, String id) {
    assertThat(StsRecord.id(List.of("other", text))).isEqualTo(Optional.ofNullable(id));
  }

  @Test
  void twoRecordsAreNone() {
    assertThat(StsRecord.id(List.of("v=STSv1; id=1;", "v=STSv1; id=2;"))).isEmpty();
  }
}
