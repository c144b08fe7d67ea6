package org.caravanmta.tls.client;

import java.util.HexFormat;

/// A TLSA record: which certificate or public key a server shows (RFC 6698 §2.1). Two are equal if
/// they say the same.
///
/// @param usage 0 to 3: PKIX-TA, PKIX-EE, DANE-TA, DANE-EE (RFC 7218 §2.1)
/// @param selector 0 the whole certificate, 1 its public key
/// @param matching 0 the thing itself, 1 its SHA-256, 2 its SHA-512
/// @param data what is matched, in lower-case hexadecimal digits
public record TlsaRecord(int usage, int selector, int matching, String data) {
  /// The usages that are for mail; PKIX-TA(0) and PKIX-EE(1) are not (RFC 7672 §3.1.3).
  static final int DANE_TA = 2;

  static final int DANE_EE = 3;

  /// Whether a certificate can be checked with it for mail: numbers that nobody knows are for
  /// nobody, and digests have their length.
  public boolean isUsable() {
    int digits = data.length();
    boolean whole =
        switch (matching) {
          case 0 -> digits > 0;
          case 1 -> digits == 64;
          case 2 -> digits == 128;
          default -> false;
        };
    return whole && (usage == DANE_TA || usage == DANE_EE) && (selector == 0 || selector == 1);
  }

  /// The record with these bytes.
  public static TlsaRecord of(int usage, int selector, int matching, byte[] data) {
    return new TlsaRecord(usage, selector, matching, HexFormat.of().formatHex(data));
  }
}
