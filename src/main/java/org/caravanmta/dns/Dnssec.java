package org.caravanmta.dns;

/// Who validates the answers of the DNS (RFC 4033 §6).
public enum Dnssec {
  /// Nobody: every answer is insecure.
  OFF,
  /// The name servers. What they say is believed from this machine (RFC 4035 §4.9.3, §7).
  RESOLVER,
  /// We, beginning at the trust anchors.
  VALIDATE
}
