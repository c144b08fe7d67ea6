package org.caravanmta.delivery.remote;

import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsPolicy.Origin;

/// What the sender wants of TLS (RFC 8689): with REQUIRETLS the server has to prove its name, by
/// DANE or by a certificate, whatever is said of it otherwise; a field `TLS-Required: No` gives
/// arriving precedence over what the server's domain publishes, though not over the operator's
/// tables.
final class SenderRule {
  private static final String FIELD = "TLS-Required";

  private SenderRule() {}

  /// What comes before all that domains publish.
  static TlsRule first() {
    return (said, mail, hop, peer) ->
        new TlsRule.Ruling.Be(
            said.origin() == Origin.SETTINGS
                    && said.level() != SecurityLevel.NONE
                    && isOptional(mail)
                ? said.at(SecurityLevel.MAY, Origin.SENDER)
                : said);
  }

  /// What comes after it.
  static TlsRule last() {
    return (said, mail, hop, peer) -> new TlsRule.Ruling.Be(required(said, mail, peer));
  }

  private static TlsPolicy required(TlsPolicy said, Mail mail, Peer peer) {
    if (!mail.envelope().parameters().requireTls() || proves(said)) {
      return said;
    }
    return said.proving(SecurityLevel.VERIFY, peer.host(), Origin.SENDER);
  }

  /// Whether the server has to prove its name.
  private static boolean proves(TlsPolicy said) {
    return switch (said.level()) {
      case NONE, MAY, ENCRYPT -> false;
      case DANE, DANE_ONLY -> !said.dane().isEmpty();
      case FINGERPRINT, VERIFY, SECURE -> true;
    };
  }

  /// RFC 8689 §3: REQUIRETLS counts more than the field, which counts only if it says `No`.
  private static boolean isOptional(Mail mail) {
    return !mail.envelope().parameters().requireTls()
        && mail.headers()
            .first(FIELD)
            .map(Headers.Field::value)
            .filter(value -> value.strip().equalsIgnoreCase("no"))
            .isPresent();
  }
}
