package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatchAllTest {
  /// As postconf(5) says of `luser_relay`; for Joe@Ex.example and Joe+news@Ex.example.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caught | caught | caught",
        "\\caught | \\caught | \\caught",
        "$user@far.example | Joe@far.example | Joe@far.example",
        "$(local)@far.example | Joe@far.example | Joe+news@far.example",
        "${mailbox}@far.example | Joe@far.example | Joe+news@far.example",
        "admin+$local | admin+Joe | admin+Joe+news",
        "$user.$domain@far.example | Joe.Ex.example@far.example | Joe.Ex.example@far.example",
        "$recipient | Joe@Ex.example | Joe+news@Ex.example",
        "x$extension$home$shell | x | xnews",
        "x${extension?-$extension} | x | x-news",
        "x${extension?{-$extension}} | x | x-news",
        "x${extension:none} | xnone | x",
        "x${ extension ? { $extension } : { none-${user} } } | xnone-Joe | xnews",
        "x${recipient_delimiter}y | xy | x+y",
        "x${extension?${home:a}} | x | xa",
        "$$user | $user | $user",
      })
  void namesStandForPartsOfTheRecipient(String text, String plain, String extended) {
    var catchAll = new CatchAll(text);
    var extensions = new Extensions("+");
    assertThat(catchAll.of(Address.parse("Joe@Ex.example"), extensions)).isEqualTo(plain);
    assertThat(catchAll.of(Address.parse("Joe+news@Ex.example"), extensions)).isEqualTo(extended);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a b\"@ex.example", "\"a@b\"@ex.example", "\"a$user\"@ex.example"})
  void whatARecipientIsCalledIsOnlyAPartOfAnAddress(String recipient) {
    assertThat(new CatchAll("$user").of(Address.parse(recipient), new Extensions("+")))
        .matches("a_(b|user)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$nam", "${user", "${user!x}", "${}", "$ x", "${user?{a}b}", "$(user}"})
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> new CatchAll(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
