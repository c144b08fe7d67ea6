package org.caravanmta.sasl.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.caravanmta.sasl.client.ClientMechanism.WrongChallenge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramClientTest {
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
  private static final String WHOLE = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String SALT = ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=";

  /// The example of RFC 7677 §3.
  @Test
  void theExampleOfSha256() throws Exception {
    var scram = scram("SHA-256", NONCE);
    assertThat(scram.initial().map(it -> new String(it, UTF_8))).contains("n,,n=user,r=" + NONCE);
    assertThat(answer(scram, "r=" + WHOLE + SALT + "4096"))
        .isEqualTo("c=biws,r=" + WHOLE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assertThat(scram.proven()).isFalse();
    assertThat(answer(scram, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")).isEmpty();
    assertThat(scram.proven()).isTrue();
  }

  /// The example of RFC 5802 §5.
  @Test
  void theExampleOfSha1() throws Exception {
    var scram = scram("SHA-1", "fyko+d2lbbFgONRv9qkxdawL");
    assertThat(
            answer(scram, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"))
        .isEqualTo(
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    assertThat(answer(scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")).isEmpty();
    assertThat(scram.proven()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=somebodyElses,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "m=ext,r=" + WHOLE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=" + WHOLE + ",s=,i=4096",
        "r=" + WHOLE + ",s=!,i=4096",
        "r=" + WHOLE + SALT + "4095",
        "r=" + WHOLE + SALT + "10000001",
        "r=" + WHOLE + SALT + "-1",
        "r=" + WHOLE,
        ""
      })
  void aServerThatAsksForWhatIsNotSafeIsNotAnswered(String challenge) {
    assertThatThrownBy(() -> scram("SHA-256", NONCE).respond(challenge.getBytes(UTF_8)))
        .isInstanceOf(WrongChallenge.class);
  }

  @Test
  void aServerThatDoesNotKnowThePasswordIsFoundOut() throws Exception {
    var scram = scram("SHA-256", NONCE);
    answer(scram, "r=" + WHOLE + SALT + "4096");
    assertThatThrownBy(() -> answer(scram, "v=AAAA")).isInstanceOf(WrongChallenge.class);
    assertThat(scram.proven()).isFalse();
  }

  @Test
  void anErrorOfTheServerIsAcknowledgedAndProvesNothing() throws Exception {
    var scram = scram("SHA-256", NONCE);
    answer(scram, "r=" + WHOLE + SALT + "4096");
    assertThat(answer(scram, "e=invalid-proof")).isEmpty();
    assertThat(scram.proven()).isFalse();
  }

  /// The examples of RFC 4013 §3, and what stays as it is.
  @ParameterizedTest
  @CsvSource({
    "I\u00adX, IX",
    "user, user",
    "USER, USER",
    "\u00aa, a",
    "\u2168, IX",
    "a\u00a0b, a b",
    "\u06271, \u06271",
    "a\u0007, a\u0007"
  })
  void preparedText(String text, String prepared) {
    assertThat(Saslprep.of(text)).isEqualTo(prepared);
  }

  private static ScramClient scram(String hash, String nonce) {
    return new ScramClient(hash, "user", "pencil", ScramClient.Binding.IMPOSSIBLE, nonce);
  }

  private static String answer(ScramClient scram, String challenge) throws WrongChallenge {
    return new String(scram.respond(challenge.getBytes(UTF_8)), UTF_8);
  }
}
