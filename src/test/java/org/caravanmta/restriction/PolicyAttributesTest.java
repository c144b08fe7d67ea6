package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Reverse;
import org.caravanmta.message.Wire;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.CaseCodec;
import org.caravanmta.policy.Passage;
import org.caravanmta.policy.Said;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a policy server is told of a client and its transaction (postfix `SMTPD_POLICY_README`).
class PolicyAttributesTest {
  /// What Postfix has no attribute for.
  private static final Set<String> OURS = Set.of("listener", "own");

  private static final Client FULL =
      new Client(
          InetAddress.ofLiteral("2001:db8::7"),
          40000,
          "client.example",
          "helo.example",
          "ESMTPSA",
          "submission",
          Optional.of("ann"),
          Optional.of("TLSv1.3 TLS_AES_128_GCM_SHA256"),
          false,
          Optional.of("SCRAM-SHA-256"),
          Optional.of(new ClientCertificate("D7:04", "2F:00", "An n+", "Some CA", true)),
          new Reverse("rdns.example", Reverse.State.VERIFIED),
          Optional.of(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::25"), 587)));

  /// Another value for each component of a client.
  private static final Map<String, Object> OTHER =
      Map.ofEntries(
          Map.entry("address", InetAddress.ofLiteral("192.0.2.7")),
          Map.entry("port", 40001),
          Map.entry("name", "other.example"),
          Map.entry("helo", "other.example"),
          Map.entry("protocol", "ESMTP"),
          Map.entry("listener", "smtp"),
          Map.entry("login", Optional.empty()),
          Map.entry("tls", Optional.empty()),
          Map.entry("own", true),
          Map.entry("method", Optional.of("PLAIN")),
          Map.entry("certificate", Optional.empty()),
          Map.entry("reverse", new Reverse("forged.example", Reverse.State.FORGED)),
          Map.entry("server", Optional.empty()));

  static Stream<String> components() {
    return Arrays.stream(Client.class.getRecordComponents()).map(RecordComponent::getName);
  }

  @ParameterizedTest
  @MethodSource("components")
  void everythingKnownOfAClientReachesTheServerAndTravels(String component) throws Exception {
    Client other = with(component, OTHER.get(component));
    assertThat(other).isNotEqualTo(FULL);

    if (!OURS.contains(component)) {
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

    assertThat(attributes(with("certificate", Optional.of(claimed))))
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
    assertThat(attributes(with("tls", Optional.ofNullable(tls))))
        .containsEntry("encryption_keysize", bits);
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
        new Passage("1f", "4XyZ", 1234, new Said("joe@far.example", "ann", "sue@far.example")));
  }

  private static Client with(String component, Object value) throws Exception {
    RecordComponent[] components = Client.class.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          components[i].getName().equals(component)
              ? value
              : components[i].getAccessor().invoke(FULL);
    }
    return Client.class.getDeclaredConstructor(types).newInstance(values);
  }
}
