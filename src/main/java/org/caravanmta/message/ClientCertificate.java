package org.caravanmta.message;

/// The certificate that a client showed in its TLS handshake (RFC 5280 §4.1), as restrictions and
/// the `Received:` field speak of it.
///
/// @param fingerprint SHA-256 of the certificate, `D7:04:2F:…`
/// @param keyFingerprint SHA-256 of its public key, which a renewed certificate may keep
/// @param subject its common name, empty when it has none
/// @param issuer the common name of who signed it
/// @param verified whether an authority that the operator trusts vouches for it; without that,
///   subject and issuer are mere claims
public record ClientCertificate(
    String fingerprint, String keyFingerprint, String subject, String issuer, boolean verified) {}
