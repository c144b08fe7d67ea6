package org.caravanmta.tls.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.peers.Authority;
import org.caravanmta.tls.Strength;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What certificates are worth: by an authority, by a name, by TLSA records (RFC 7672 §3.1).
class ServerProofTest {
  private static final String HOST = "mx.dane.example";

  @TempDir static Path directory;
  private static Authority authority;
  private static X509Certificate own;
  private static X509Certificate other;
  private static X509Certificate expired;

  @BeforeAll
  static void certificates() throws IOException {
    authority = Authority.make(directory.resolve("ca"), "authority");
    own = authority.issue("own", HOST, "*.wild.example").certificate();
    other = authority.issue("other", "else.example").certificate();
    expired = authority.expired("expired", HOST).certificate();
  }

  /// One record and a chain of the server's certificate and its authority's.
  @ParameterizedTest
  @CsvSource({
    "3 1 1 own, own, VERIFIED, ''",
    "3 0 1 own, own, VERIFIED, ''",
    "3 1 2 own, own, VERIFIED, ''",
    "3 0 2 own, own, VERIFIED, ''",
    "3 0 0 own, own, VERIFIED, ''",
    "3 1 0 own, own, VERIFIED, ''",
    // neither names nor dates count for the server's own certificate
    "3 1 1 other, other, VERIFIED, ''",
    "3 1 1 expired, expired, VERIFIED, ''",
    "3 1 1 own, other, UNTRUSTED, validation-failure",
    "3 1 1 ca, own, UNTRUSTED, validation-failure",
    "2 0 1 ca, own, VERIFIED, ''",
    "2 1 1 ca, own, VERIFIED, ''",
    "2 1 2 ca, own, VERIFIED, ''",
    "2 0 0 ca, own, VERIFIED, ''",
    "2 1 0 ca, own, VERIFIED, ''",
    // both do below an authority
    "2 1 1 ca, other, TRUSTED, certificate-host-mismatch",
    "2 1 1 ca, expired, UNTRUSTED, certificate-expired",
    "2 1 1 own, own, UNTRUSTED, validation-failure",
    // no client of mail can use these, and then any certificate will do
    "0 0 1 ca, own, TRUSTED, ''",
    "1 1 1 other, own, TRUSTED, ''",
    "3 2 1 other, own, TRUSTED, ''",
    "3 1 3 other, own, TRUSTED, ''"
  })
  void aRecordIsMatched(String record, String shown, String trust, String problem)
      throws Exception {
    TlsPolicy policy =
        TlsPolicy.of(SecurityLevel.DANE, Strength.USUAL, TlsPolicy.Origin.DANE)
            .asking(HOST)
            .with(List.of(record(record)));
    Proof proof = proof().of(List.of(named(shown), authority.certificate()), policy, HOST);
    assertThat(proof.trust()).hasToString(Trust.valueOf(trust).toString());
    assertThat(proof.problem().map(TlsProblem::toString).orElse("")).isEqualTo(problem);
  }

  @Test
  void anAuthorityOfARecordNeedNotBeShownIfTheRecordHoldsIt() throws Exception {
    for (String record : List.of("2 0 0 ca", "2 1 0 ca")) {
      assertThat(dane(record, own).trust()).isEqualTo(Trust.VERIFIED);
    }
    assertThat(dane("2 1 1 ca", own).trust()).isEqualTo(Trust.UNTRUSTED);
  }

  @Test
  void whereOnlyDaneWillDoRecordsThatCannotBeUsedAreNone() throws Exception {
    assertThat(dane("0 0 1 ca", own).problem()).hasValue(TlsProblem.DANE_REQUIRED);
    assertThat(dane("3 1 1 own", own).trust()).isEqualTo(Trust.VERIFIED);
  }

  @Test
  void aDigestOfTheWrongLengthCannotBeUsed() {
    assertThat(new TlsaRecord(3, 1, 1, "ab").isUsable()).isFalse();
    assertThat(new TlsaRecord(3, 1, 0, "").isUsable()).isFalse();
    assertThat(new TlsaRecord(3, 1, 1, "ab".repeat(32)).isUsable()).isTrue();
  }

  @Test
  void oneRecordThatMatchesIsEnough() throws Exception {
    TlsPolicy policy =
        TlsPolicy.of(SecurityLevel.DANE, Strength.USUAL, TlsPolicy.Origin.DANE)
            .asking(HOST)
            .with(List.of(record("3 1 1 other"), record("0 0 1 ca"), record("3 1 1 own")));
    assertThat(proof().of(List.of(own), policy, HOST).trust()).isEqualTo(Trust.VERIFIED);
  }

  @ParameterizedTest
  @CsvSource({
    "mx.dane.example, true",
    "MX.Dane.example, true",
    ".dane.example, true",
    ".example, true",
    "dane.example, false",
    ".mx.dane.example, false",
    "a.wild.example, true",
    "b.a.wild.example, false",
    "wild.example, false",
    ".wild.example, true"
  })
  void aNameIsTheCertificatesOrIsNot(String name, boolean matched) {
    TlsPolicy policy =
        TlsPolicy.of(SecurityLevel.SECURE, Strength.USUAL, TlsPolicy.Origin.TABLE)
            .matching(List.of(name));
    assertThat(proof().of(List.of(own), policy, HOST).trust())
        .isEqualTo(matched ? Trust.VERIFIED : Trust.TRUSTED);
  }

  @Test
  void aCertificateHasItsTime() {
    TlsPolicy policy =
        TlsPolicy.of(SecurityLevel.VERIFY, Strength.USUAL, TlsPolicy.Origin.TABLE)
            .matching(List.of(HOST));
    for (Duration shift : List.of(Duration.ofDays(-500), Duration.ofDays(500))) {
      Instant then = Instant.now().plus(shift);
      assertThat(proof(() -> then).of(List.of(own), policy, HOST).problem())
          .hasValue(TlsProblem.CERTIFICATE_EXPIRED);
    }
  }

  @Test
  void withoutACertificateNobodyIsTrusted() {
    TlsPolicy policy = TlsPolicy.of(SecurityLevel.VERIFY, Strength.USUAL, TlsPolicy.Origin.TABLE);
    assertThat(proof().of(List.of(), policy, HOST).trust()).isEqualTo(Trust.ANONYMOUS);
    assertThat(proof().of(List.of(), policy, HOST).problem()).isPresent();
  }

  @Test
  void onlyGroupsThatThereAreMayBeNamed() {
    var section = TlsSections.of(SecurityLevel.MAY, directory.resolve("ca/authority.pem"));
    var known = section.settings(Duration.ZERO, List.of("x25519", "secp256r1"));
    assertThat(new TlsClient(known, InstantSource.system()).engine(TlsPolicy.NONE, "a"))
        .satisfies(
            engine ->
                assertThat(engine.getSSLParameters().getNamedGroups())
                    .containsExactly("x25519", "secp256r1"));
    var unknown = section.settings(Duration.ZERO, List.of("x25518"));
    assertThatThrownBy(() -> new TlsClient(unknown, InstantSource.system()))
        .isInstanceOf(WrongSetting.class)
        .hasMessageContaining("\"x25518\" is none of ")
        .hasMessageContaining("x25519");
  }

  private static Proof dane(String record, X509Certificate... chain) throws Exception {
    TlsPolicy policy =
        TlsPolicy.of(SecurityLevel.DANE_ONLY, Strength.USUAL, TlsPolicy.Origin.DANE)
            .asking(HOST)
            .with(List.of(record(record)));
    return proof().of(Arrays.asList(chain), policy, HOST);
  }

  private static ServerProof proof() {
    return proof(InstantSource.system());
  }

  private static ServerProof proof(InstantSource clock) {
    Authorities trusted = Authorities.of(List.of(directory.resolve("ca/authority.pem")), clock);
    return new ServerProof(trusted, FingerprintDigest.SHA256, clock);
  }

  private static X509Certificate named(String name) {
    return switch (name) {
      case "own" -> own;
      case "other" -> other;
      case "expired" -> expired;
      default -> authority.certificate();
    };
  }

  /// @param text usage, selector, matching, and whose certificate
  private static TlsaRecord record(String text) throws Exception {
    String[] words = text.split(" ");
    X509Certificate certificate = named(words[3]);
    byte[] subject =
        words[1].equals("0") ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    byte[] data =
        switch (words[2]) {
          case "1" -> MessageDigest.getInstance("SHA-256").digest(subject);
          case "2" -> MessageDigest.getInstance("SHA-512").digest(subject);
          default -> subject;
        };
    return new TlsaRecord(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        HexFormat.of().formatHex(data));
  }
}
