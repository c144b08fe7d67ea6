package org.caravanmta.policy.restriction;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.policy.access.AccessResult;
import org.caravanmta.policy.service.PolicyService;

/// Asks a policy server (postfix `SMTPD_POLICY_README`), which answers in the words of an access
/// table.
record PolicyRestriction(PolicyService service, AccessRestrictions access) implements Restriction {
  /// @param written `inet:HOST:PORT`, `unix:PATH`, or `{ inet:HOST:PORT, timeout=10s, … }`
  /// @throws IllegalArgumentException says what was expected
  static PolicyRestriction of(String written, AccessRestrictions access, InstantSource clock) {
    var service = PolicyService.parse(written, clock);
    AccessResult.parse(service.defaultAction());
    return new PolicyRestriction(service, access);
  }

  @Override
  public Finding ask(Asked asked) {
    String action = service.ask(attributes(asked));
    try {
      return access.finding(asked, asked.subject(), AccessResult.parse(action));
    } catch (IllegalArgumentException e) {
      ListLog.trouble("policy server " + service + ": " + e.getMessage());
      return Finding.BROKEN;
    }
  }

  private static Map<String, String> attributes(Asked asked) {
    var client = asked.client();
    var to = new LinkedHashMap<String, String>();
    to.put("request", "smtpd_access_policy");
    to.put("protocol_state", asked.state());
    to.put("protocol_name", client.protocol());
    to.put("client_address", Literals.text(client.address()));
    to.put("client_name", client.name());
    to.put("client_port", String.valueOf(client.port()));
    to.put("reverse_client_name", client.reverse().name());
    to.put("helo_name", client.helo());
    to.put("sender", asked.sender().toString());
    to.put("recipient", asked.recipient().map(Address::toString).orElse(""));
    boolean counted = !asked.state().equals("RCPT");
    to.put("recipient_count", String.valueOf(counted ? asked.accepted() : 0));
    to.put("queue_id", asked.passage().id());
    to.put("instance", asked.passage().instance());
    to.put("size", String.valueOf(asked.size()));
    to.put("etrn_domain", "");
    to.put("stress", "");
    to.put("sasl_method", "");
    to.put("sasl_username", client.login().orElse(""));
    to.put("sasl_sender", "");
    to.put("ccert_subject", "");
    to.put("ccert_issuer", "");
    to.put("ccert_fingerprint", "");
    to.put("ccert_pubkey_fingerprint", "");
    String[] tls = client.tls().orElse("").split(" ", 2);
    to.put("encryption_protocol", tls[0]);
    to.put("encryption_cipher", tls.length > 1 ? tls[1] : "");
    to.put("encryption_keysize", "0");
    return to;
  }
}
