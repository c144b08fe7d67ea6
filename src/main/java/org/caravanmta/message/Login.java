package org.caravanmta.message;

import java.util.Optional;

/// The user that a client has logged in as (RFC 4954).
///
/// @param user the login name
/// @param method the SASL mechanism, `PLAIN`; absent when another server has told us of the login
public record Login(String user, Optional<String> method) {}
