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
  /// The record with these bytes.
  public static TlsaRecord of(int usage, int selector, int matching, byte[] data) {
    return new TlsaRecord(usage, selector, matching, HexFormat.of().formatHex(data));
  }
}
