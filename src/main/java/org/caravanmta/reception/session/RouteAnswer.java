package org.caravanmta.reception.session;

/// What the route says to a {@link RouteQuestion} (RFC 5321 §3.3), on its way back to the session.
///
/// @param body the question with its verdict, or a throwable when it broke on its way
public record RouteAnswer(Object body) {}
