package org.caravanmta.reception.session;

import org.caravanmta.policy.Case;
import org.caravanmta.reception.limits.Holding;

/// A question of a session's on its way to the route (RFC 5321 §3.3).
///
/// @param holding what it takes of the memory of all while it is out; closed when the route has
///   ended, whether somebody still waits for the answer or not
public record RouteQuestion(Case question, Holding holding) {}
