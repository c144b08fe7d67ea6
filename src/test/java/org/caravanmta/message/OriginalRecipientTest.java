package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 3461 §4.2 and RFC 6533 §3.
class OriginalRecipientTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rfc822;a+2Bb@x.example           | rfc822;a+2Bb@x.example          | rfc822;a+b@x.example",
        "rfc822;a=b@x.example             | rfc822;a+3Db@x.example          | rfc822;a=b@x.example",
        "RFC822;<a@x.example>             | RFC822;<a@x.example>            | RFC822;<a@x.example>",
        "x.400;c=us                       | x.400;c+3Dus                    | x.400;c=us",
        "rfc822;                          | rfc822;                         | rfc822;",
        "rfc822;jör@x.example             | utf-8;j\\x{F6}r@x.example       | utf-8;jör@x.example",
        "rfc822;j+C3+B6r@x.example        | utf-8;j\\x{F6}r@x.example       | utf-8;jör@x.example",
        "utf-8;jör@x.example              | utf-8;j\\x{F6}r@x.example       | utf-8;jör@x.example",
        "UTF-8;j\\x{f6}r@x.example        | UTF-8;j\\x{F6}r@x.example       | UTF-8;jör@x.example",
        "utf-8;\\x{1F600}\\x{2B}@x.example | utf-8;\\x{1F600}\\x{2B}@x.example |"
            + " utf-8;\uD83D\uDE00+@x.example",
        "utf-8;a+41=@x.example            | utf-8;a\\x{2B}41\\x{3D}@x.example |"
            + " utf-8;a+41=@x.example",
        "utf-8;ann@x.example              | utf-8;ann@x.example             | utf-8;ann@x.example",
      })
  void isReadWrittenInAsciiAndShown(String given, String sent, String shown) {
    OriginalRecipient read = OriginalRecipient.parse(given).orElseThrow();
    assertThat(read).hasToString(sent);
    assertThat(read.reported(true)).isEqualTo(shown);
    // what is sent on means the same to the next
    assertThat(OriginalRecipient.parse(read.toString())).contains(read);
    assertThat(read.reported(false)).matches("[ -~]*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";ann@x.example",
        "ann@x.example",
        "rfc 822;ann",
        "rfc822;a+4",
        "rfc822;a+0Ab",
        "rfc822;a\tb",
        "utf-8;\\x{}",
        "utf-8;\\x{zz}",
        "utf-8;\\x{110000}",
        "utf-8;\\x{DC00}",
        "utf-8;\\x{D}\\x{A}",
        "utf-8;a\\b",
        "utf-8;a\u0085b",
        "utf-8;a\\x{2028}b",
      })
  void whatIsNoneIsNotRead(String value) {
    assertThat(OriginalRecipient.parse(value)).isEmpty();
  }
}
