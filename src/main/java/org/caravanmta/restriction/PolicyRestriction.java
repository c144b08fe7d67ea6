package org.caravanmta.restriction;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Xtext;
import org.caravanmta.restriction.access.AccessResult;
import org.caravanmta.restriction.service.PolicyService;

/// Asks a policy server (postfix `SMTPD_POLICY_README`), which answers in the words of an access
/// table.
///
/// @param stressed whether the server is under load
record PolicyRestriction(PolicyService service, AccessRestrictions access, BooleanSupplier stressed)
    implements Restriction {
  /// The Postfix whose attributes these are, and whose defaults our settings have.
  private static final String LEVEL = "3.6";

  private static final String VERSION = "3.9.0";

  private static final Pattern KEY_SIZE = Pattern.compile("_(128|192|256)_");

  /// @param written `inet:HOST:PORT`, `unix:PATH`, or `{ inet:HOST:PORT, timeout=10s, … }`
  /// @throws IllegalArgumentException says what was expected
  static PolicyRestriction of(
      String written, AccessRestrictions access, BooleanSupplier stressed, InstantSource clock) {
    var service = PolicyService.parse(written, clock);
    AccessResult.parse(service.defaultAction());
    return new PolicyRestriction(service, access, stressed);
  }

  @Override
  public Finding ask(RestrictedCase asked) {
    String action = service.ask(attributes(asked, stressed.getAsBoolean()));
    try {
      return access.finding(asked, asked.subject(), AccessResult.parse(action, access.codes()));
    } catch (IllegalArgumentException e) {
      Events.tell(
          new RestrictionEvent.Undecided("policy server " + service + ": " + e.getMessage()));
      return Finding.BROKEN;
    }
  }

  /// What is not known is empty, or 0 if it is a number.
  static Map<String, String> attributes(RestrictedCase asked, boolean stressed) {
    var client = asked.client();
    var to = new LinkedHashMap<String, String>();
    to.put("request", "smtpd_access_policy");
    to.put("protocol_state", asked.state());
    to.put("protocol_name", client.protocol());
    to.put("client_address", Literals.text(client.address()));
    to.put("client_name", client.name());
    to.put("client_port", String.valueOf(client.port()));
    to.put("reverse_client_name", client.reverse().name());
    to.put("server_address", client.server().map(s -> Literals.text(s.getAddress())).orElse(""));
    to.put("server_port", client.server().map(s -> String.valueOf(s.getPort())).orElse("0"));
    to.put("helo_name", client.helo());
    to.put("sender", asked.sender().toString());
    to.put("recipient", asked.recipient().map(Address::toString).orElse(""));
    boolean counted = !asked.state().equals("RCPT");
    to.put("recipient_count", String.valueOf(counted ? asked.accepted() : 0));
    to.put("queue_id", asked.restrictionState().id());
    to.put("instance", asked.restrictionState().instance());
    to.put("size", String.valueOf(asked.size()));
    to.put("etrn_domain", "");
    to.put("stress", stressed ? "yes" : "");
    to.put("sasl_method", client.method().orElse(""));
    to.put("sasl_username", client.login().orElse(""));
    to.put("sasl_sender", asked.restrictionState().givenPaths().submitter());
    // names are mere claims until an authority vouches for them; a fingerprint speaks for itself
    Optional<ClientCertificate> shown = client.certificate();
    Optional<ClientCertificate> verified = shown.filter(ClientCertificate::verified);
    to.put("ccert_subject", verified.map(c -> Xtext.encode(c.subject())).orElse(""));
    to.put("ccert_issuer", verified.map(c -> Xtext.encode(c.issuer())).orElse(""));
    to.put("ccert_fingerprint", shown.map(ClientCertificate::fingerprint).orElse(""));
    to.put("ccert_pubkey_fingerprint", shown.map(ClientCertificate::keyFingerprint).orElse(""));
    String[] tls = client.tls().orElse("").split(" ", 2);
    String cipher = tls.length > 1 ? tls[1] : "";
    to.put("encryption_protocol", tls[0]);
    to.put("encryption_cipher", cipher);
    to.put("encryption_keysize", String.valueOf(keySize(cipher)));
    to.put("compatibility_level", LEVEL);
    to.put("mail_version", VERSION);
    return to;
  }

  /// Of a cipher suite by its name (RFC 8446 §B.4): `TLS_AES_256_GCM_SHA384`.
  private static int keySize(String cipher) {
    var size = KEY_SIZE.matcher(cipher);
    if (size.find()) {
      return Integer.parseInt(size.group(1));
    }
    return cipher.contains("CHACHA20") ? 256 : cipher.contains("3DES") ? 168 : 0;
  }
}
