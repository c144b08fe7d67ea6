package org.caravanmta.reception.session;

/// The route's answer to a {@link RouteQuestion} (RFC 5321 §3.3), on its way back to the session.
///
/// @param body the question with its verdict, or a throwable when the route failed
public record RouteAnswer(Object body) {}
