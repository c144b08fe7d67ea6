package org.caravanmta.message;

import java.util.Optional;

/// The TLS of a client's connection (RFC 3207).
///
/// @param agreed protocol and cipher, `TLSv1.3 TLS_AES_256_GCM_SHA384`
/// @param certificate the client's; absent when it was not asked for one, or had none
public record ClientTls(String agreed, Optional<ClientCertificate> certificate) {}
