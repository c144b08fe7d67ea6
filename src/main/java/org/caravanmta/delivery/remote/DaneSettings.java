package org.caravanmta.delivery.remote;

import java.util.List;
import java.util.Locale;
import org.caravanmta.address.Idn;

/// The section `delivery.dane`: what is made of TLSA records (RFC 7672) at the levels `dane` and
/// `dane-only`.
///
/// @param insecureMx what the records of a secure host mean that insecure MX records name (postfix
///   `smtp_tls_dane_insecure_mx_policy`)
/// @param secureNextHops next hops of the operator's that count as secure, though the DNS does not
///   say so: domains whose MX records, and hosts whose addresses, nobody can forge on the way
public record DaneSettings(InsecureMx insecureMx, List<String> secureNextHops) {
  /// As Postfix does at the level `dane`.
  public static final DaneSettings USUAL = new DaneSettings(InsecureMx.DANE, List.of());

  /// What records mean to which insecure MX records have led. None of them keeps anybody from mail
  /// who can forge those; most cannot.
  public enum InsecureMx {
    /// Nothing.
    MAY,
    /// TLS with anybody.
    ENCRYPT,
    /// The server must match them.
    DANE
  }

  public DaneSettings {
    secureNextHops = secureNextHops.stream().map(DaneSettings::normal).toList();
  }

  /// Whether a next hop counts as secure.
  boolean declares(String host) {
    return !secureNextHops.isEmpty() && secureNextHops.contains(normal(host));
  }

  private static String normal(String host) {
    return Idn.ascii(host).toLowerCase(Locale.ROOT);
  }
}
