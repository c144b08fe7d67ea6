package org.caravanmta.sasl.client;

/// As whom we log in at a server (RFC 4954). Two are equal if they are the same user with the same
/// password, or with tokens from the same source, whatever token that has at present: a connection
/// made with one may carry mail of the other.
///
/// @param user the authentication identity
/// @param proof what shows that we are this user
/// @param terms on which terms we log in, and where we were refused
public record RemoteLogin(String user, LoginProof proof, LoginTerms terms) {}
