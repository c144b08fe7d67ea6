package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.EveryFact;
import org.caravanmta.message.Wire;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.CaseCodec;
import org.caravanmta.policy.GivenPaths;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a policy server is told of a client and its transaction (postfix `SMTPD_POLICY_README`).
class PolicyAttributesTest {
  /// What Postfix has no attribute for.
  private static final Set<String> OURS = Set.of("entrance.listener", "host.own");

  private static final Client FULL = EveryFact.FULL;

  @ParameterizedTest
  @MethodSource("org.caravanmta.message.EveryFact#names")
  void everythingKnownOfAClientReachesTheServerAndTravels(String fact) throws Exception {
    Client other = EveryFact.without(fact);
    assertThat(other).isNotEqualTo(FULL);

    if (!OURS.contains(fact)) {
      assertThat(attributes(other)).isNotEqualTo(attributes(FULL));
    }
    var codec = new CaseCodec();
    for (Client client : List.of(FULL, other)) {
      assertThat(Wire.decode(codec, Wire.encode(codec, rcpt(client)))).isEqualTo(rcpt(client));
    }
  }

  @Test
  void eachAttributeHasPostfixsNameAndForm() {
    assertThat(PolicyRestriction.attributes(RestrictedCase.of(rcpt(FULL)), true))
        .containsExactly(
            Map.entry("request", "smtpd_access_policy"),
            Map.entry("protocol_state", "RCPT"),
            Map.entry("protocol_name", "ESMTPSA"),
            Map.entry("client_address", "2001:db8::7"),
            Map.entry("client_name", "client.example"),
            Map.entry("client_port", "40000"),
            Map.entry("reverse_client_name", "rdns.example"),
            Map.entry("server_address", "2001:db8::25"),
            Map.entry("server_port", "587"),
            Map.entry("helo_name", "helo.example"),
            Map.entry("sender", "joe@far.example"),
            Map.entry("recipient", "ann@own.example"),
            Map.entry("recipient_count", "0"),
            Map.entry("queue_id", "4XyZ"),
            Map.entry("instance", "1f"),
            Map.entry("size", "1234"),
            Map.entry("etrn_domain", ""),
            Map.entry("stress", "yes"),
            Map.entry("sasl_method", "SCRAM-SHA-256"),
            Map.entry("sasl_username", "ann"),
            Map.entry("sasl_sender", "sue@far.example"),
            Map.entry("ccert_subject", "An+20n+2B"),
            Map.entry("ccert_issuer", "Some+20CA"),
            Map.entry("ccert_fingerprint", "D7:04"),
            Map.entry("ccert_pubkey_fingerprint", "2F:00"),
            Map.entry("encryption_protocol", "TLSv1.3"),
            Map.entry("encryption_cipher", "TLS_AES_128_GCM_SHA256"),
            Map.entry("encryption_keysize", "128"),
            Map.entry("compatibility_level", "3.6"),
            Map.entry("mail_version", "3.9.0"));
  }

  @Test
  void aNameThatNobodyVouchesForIsNotPassedOn() throws Exception {
    var claimed = new ClientCertificate("D7:04", "2F:00", "root", "myself", false);

    assertThat(attributes(EveryFact.with("secured.certificate", Optional.of(claimed))))
        .contains(
            Map.entry("ccert_subject", ""),
            Map.entry("ccert_issuer", ""),
            Map.entry("ccert_fingerprint", "D7:04"),
            Map.entry("ccert_pubkey_fingerprint", "2F:00"));
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, 256",
    "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256, 256",
    "TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA, 128",
    "TLSv1.2 SSL_RSA_WITH_3DES_EDE_CBC_SHA, 168",
    ", 0"
  })
  void aKeyIsAsLongAsItsCipherSays(String tls, String bits) throws Exception {
    Client client =
        tls == null
            ? new Client(
                FULL.host(), FULL.greeting(), Optional.empty(), FULL.loggedIn(), FULL.entrance())
            : EveryFact.with("secured.agreed", tls);
    assertThat(attributes(client)).containsEntry("encryption_keysize", bits);
  }

  private static Map<String, String> attributes(Client client) {
    return PolicyRestriction.attributes(RestrictedCase.of(rcpt(client)), false);
  }

  private static Case.Rcpt rcpt(Client client) {
    return new Case.Rcpt(
        client,
        ReversePath.parse("joe@far.example"),
        Address.parse("ann@own.example"),
        0,
        false,
        Verdict.UNDECIDED,
        new RestrictionState(
            "1f", "4XyZ", 1234, new GivenPaths("joe@far.example", "ann", "sue@far.example")));
  }
}
