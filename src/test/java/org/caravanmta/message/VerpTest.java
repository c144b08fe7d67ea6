package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reverse paths with the recipient in them (postfix `VERP_README`).
class VerpTest {
  @ParameterizedTest
  @CsvSource({
    "+=, owner@list.example, bob@far.example, owner+bob=far.example@list.example",
    "-=, owner-x@list.example, bob+tag@Far.example, owner-x-bob+tag=Far.example@list.example",
    "+=, owner@list.example, '\"a b\"@far.example', '\"owner+a b=far.example\"@list.example'",
    "+=, owner@list.example, bob@[192.0.2.1], '\"owner+bob=[192.0.2.1]\"@list.example'",
  })
  void theRecipientIsInTheReversePath(String delimiters, String sender, String to, String path) {
    var recipient = Recipient.of(Address.parse(to));
    ReversePath varied = new Verp(delimiters).of(ReversePath.parse(sender), recipient);
    assertThat(varied).hasToString(path);
    assertThat(ReversePath.parse(path)).isEqualTo(varied);
  }

  @Test
  void itIsTheRecipientWhomTheSenderHasNamed() {
    var alias = Recipient.of(Address.parse("sales@own.example"));
    assertThat(
            Verp.USUAL.of(
                ReversePath.parse("owner@list.example"),
                alias.to(Address.parse("bob@own.example"))))
        .hasToString("owner+sales=own.example@list.example");
    assertThat(Verp.USUAL.of(ReversePath.NULL, alias)).isEqualTo(ReversePath.NULL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "+=-", "+@", "a=", " ="})
  void whatCannotDelimitIsRefused(String delimiters) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Verp(delimiters))
        .withMessageContaining("two delimiters");
  }
}
