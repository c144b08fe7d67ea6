package org.caravanmta.message;

import java.util.Optional;

/// The TLS that a client and we have agreed on (RFC 3207).
///
/// @param agreed protocol and cipher, `TLSv1.3 TLS_AES_256_GCM_SHA384`
/// @param certificate what the client showed, if it was asked and had one
public record ClientTls(String agreed, Optional<ClientCertificate> certificate) {}
