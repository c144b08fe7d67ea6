package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.caravanmta.address.Domain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTest {
  private static final Domain ORIGIN = new Domain("our.example");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "RCPT TO:<bob@example.org>                   | bob@example.org",
        "rcpt to: <Bob@Example.org>                  | Bob@Example.org",
        "RCPT  TO:bob@example.org                    | bob@example.org",
        "RCPT TO:< bob@example.org >                 | bob@example.org",
        "RCPT TO:<@a.example,@b.example:bob@c.example> | bob@c.example",
        "RCPT TO:<bob@example.org.>                  | bob@example.org",
        "RCPT TO:<bob>                               | bob@our.example",
        "RCPT TO:<`bob smith`>                       | `bob smith`@our.example",
        "RCPT TO:<`bob@home`@example.org>            | `bob@home`@example.org",
        "RCPT TO:<`a>b`@example.org>                 | `a>b`@example.org",
        "RCPT TO:<bob@[192.0.2.1]>                   | bob@[192.0.2.1]",
      })
  void recipientsAreReadWithPostfixsTolerance(String line, String recipient) {
    assertThat(CommandParser.parse(line.strip().replace('`', '"'), ORIGIN))
        .isInstanceOfSatisfying(
            Command.Rcpt.class,
            rcpt -> assertThat(rcpt.recipient()).hasToString(recipient.strip().replace('`', '"')));
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT TO:<postmaster>, true",
    "RCPT TO:POSTMASTER, true",
    "RCPT TO:<postmaster@our.example>, false",
    "RCPT TO:<bob>, false"
  })
  void onlyPostmasterWithoutADomainIsBare(String line, boolean bare) {
    assertThat(CommandParser.parse(line, ORIGIN))
        .isInstanceOfSatisfying(
            Command.Rcpt.class, rcpt -> assertThat(rcpt.bare()).isEqualTo(bare));
  }

  @Property(tries = 2000)
  void whateverIsSentIsUnderstoodOrRefused(@ForAll @CharRange(from = ' ', to = '~') String rest) {
    for (String begin : new String[] {"", "MAIL FROM:", "RCPT TO:<", "VRFY ", "MAIL FROM:<\"a"}) {
      assertThat(CommandParser.parse(begin + rest, ORIGIN)).isNotNull();
    }
  }
}
