package org.caravanmta.tls.client;

/// What TLS with a server, or its certificate, lacks.
///
/// @param problem what kind of thing, in the words of reports
/// @param why the same for people
public record Shortcoming(TlsProblem problem, String why) {}
