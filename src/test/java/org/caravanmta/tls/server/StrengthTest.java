package org.caravanmta.tls.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.caravanmta.tls.Ciphers;
import org.caravanmta.tls.Protocols;
import org.caravanmta.tls.Strength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrengthTest {
  @ParameterizedTest
  @CsvSource({
    "'', TLSv1.3 TLSv1.2",
    ">=TLSv1, TLSv1.3 TLSv1.2",
    ">=TLSv1.2, TLSv1.3 TLSv1.2",
    ">=tlsv1.3, TLSv1.3",
    "<=TLSv1.2, TLSv1.2",
    ">=TLSv1.2 <=TLSv1.2, TLSv1.2",
    "'!SSLv2, !SSLv3, !TLSv1, !TLSv1.1', TLSv1.3 TLSv1.2",
    "!SSLv2:!SSLv3:!TLSv1.2, TLSv1.3",
    "TLSv1.1 TLSv1.2, TLSv1.2",
    "'TLSv1.3,TLSv1.2', TLSv1.3 TLSv1.2",
    ">=0304, TLSv1.3",
    "!0x0304, TLSv1.2"
  })
  void versionsAreNamedAsInPostfix(String text, String spoken) {
    assertThat(Protocols.parse(text).names()).isEqualTo(List.of(spoken.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLSv1.4",
        "TLS",
        "!",
        ">=",
        ">= TLSv1.2",
        "~TLSv1.2",
        "SSLv3",
        "!TLSv1.2 !TLSv1.3",
        "<=TLSv1.1",
        "all"
      })
  void nonsenseAndNothingAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Protocols.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "AES128, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "SHA1, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "'RC4, aNULL, !ECDSA', TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"
        + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
        + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ecdhe-rsa-chacha20-poly1305, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,"
        + " TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE+AES128, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "kEDH, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "DES-CBC3-SHA CBC, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,"
        + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ALL, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, TLS_AES_256_GCM_SHA384"
  })
  void ciphersAreLeftOut(String excluded, String gone, String left) {
    assertThat(Ciphers.of("medium", "").names()).contains(gone, left);
    assertThat(Ciphers.of("medium", excluded).names()).contains(left).doesNotContain(gone);
  }

  /// A name that Java does not know would be left out in silence.
  @Test
  void javaHasThemAll() throws Exception {
    List<String> supported =
        List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
    assertThat(supported).containsAll(Ciphers.of("medium", "").names());
    assertThat(Ciphers.of("medium", "").names()).containsAll(Ciphers.of("high", "").names());
  }

  @Test
  void aVersionNeedsACipher() {
    var ofTls12 =
        Ciphers.of(
            "high", "TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256");
    new Strength(Protocols.parse(">=TLSv1.2"), ofTls12);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Strength(Protocols.parse("TLSv1.3"), ofTls12))
        .withMessageContaining("TLSv1.3");
    assertThatIllegalArgumentException().isThrownBy(() -> Ciphers.of("high", "NONSENSE"));
    assertThatIllegalArgumentException().isThrownBy(() -> Ciphers.of("higher", ""));
  }
}
