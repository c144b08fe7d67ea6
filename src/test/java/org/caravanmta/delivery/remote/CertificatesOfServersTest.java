package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.TlsSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What certificates of servers are worth for policies (RFC 5280 §6, RFC 8460 §4.3), and when ours
/// is shown.
class CertificatesOfServersTest extends TlsSinksInReach {
  /// Certificates by what is wrong with them (RFC 8460 §4.3).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expired | verify | Server certificate not trusted  | certificate-expired",
        "other   | verify | Server certificate not verified | certificate-host-mismatch",
        "unknown | verify | Server certificate not trusted  | certificate-not-trusted",
        "other   | secure | Server certificate not verified | certificate-host-mismatch",
        "good    | fingerprint"
            + " match=00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"
            + " | Server certificate not verified | validation-failure",
      })
  void waitsForACertificateThatIsGoodEnough(
      String which, String policy, String text, String problem) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity(which))) {
      TaskOutcome outcome = deliver(sink, policy);
      assertThat(reason(outcome)).startsWith("4.7.5 " + text + ": mx1.far.example[127.0.0.1]: ");
      assertThat(outcome.results().getFirst().relay())
          .isEqualTo("mx1.far.example[127.0.0.1]:" + sink.port());
      assertThat(sink.taken()).isEmpty();
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Failed.class,
              it -> {
                assertThat(it.problem()).hasToString(problem);
                assertThat(it.clear()).isFalse();
                assertThat(it.session().from()).isPresent();
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "good, may, Trusted",
    "unknown, may, Untrusted",
    "expired, encrypt, Untrusted",
    "other, encrypt, Trusted",
    "good, verify, Verified"
  })
  void saysWhatTheCertificateIsWorth(String which, String policy, String trust) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity(which))) {
      assertThat(deliver(sink, policy).results().getFirst().tls()).isEqualTo(policy + "@table");
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Established.class,
              it -> assertThat(it.channel().proof().trust()).hasToString(trust));
    }
  }

  @Test
  void takesACertificateByItsFingerprintWhateverElseIsWrong() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, unknown)) {
      deliver(sink, "fingerprint match=" + "00".repeat(32) + "|" + unknown.fingerprint());
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void takesAnAuthorityThatCountsForOneServerOnly() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, unknown)) {
      deliver(sink, "verify tafile=" + directory.resolve("stranger/stranger.pem"));
      assertThat(sink.taken()).hasSize(1);
    }
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(
              reason(deliver(sink, "verify tafile=" + directory.resolve("stranger/stranger.pem"))))
          .startsWith("4.7.5 Server certificate not trusted");
    }
  }

  @Test
  void showsOurCertificateToAServerThatWantsIt() throws Exception {
    try (TlsSink sink = sink(Conduct.WANTS_CERTIFICATE, good)) {
      deliver(sink, "encrypt");
      assertThat(sink.taken().getFirst().certificate()).isEqualTo("CN=client.example");
    }
  }
}
