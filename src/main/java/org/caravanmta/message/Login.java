package org.caravanmta.message;

import java.util.Optional;

/// Who has logged in (RFC 4954).
///
/// @param method the SASL mechanism, `PLAIN`; absent when another server says that he has
public record Login(String user, Optional<String> method) {}
