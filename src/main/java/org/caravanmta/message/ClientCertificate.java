package org.caravanmta.message;

/// The certificate that a client has presented in its TLS handshake (RFC 5280 §4.1), as
/// restrictions and the `Received:` field name it.
///
/// @param fingerprint SHA-256 of the certificate, `D7:04:2F:…`
/// @param keyFingerprint SHA-256 of its public key, which a renewed certificate may keep
/// @param subject the common name of its subject; empty when there is none
/// @param issuer the common name of its issuer; empty when there is none
/// @param verified whether an authority that the operator trusts vouches for it; if not, subject
///   and issuer are only claims
public record ClientCertificate(
    String fingerprint, String keyFingerprint, String subject, String issuer, boolean verified) {}
