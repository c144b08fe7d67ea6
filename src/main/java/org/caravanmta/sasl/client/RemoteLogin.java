package org.caravanmta.sasl.client;

import org.caravanmta.config.Secret;

/// As whom we log in at a server (RFC 4954).
///
/// @param user the authentication identity
/// @param password its password
public record RemoteLogin(String user, Secret password) {}
