package org.caravanmta.reception.session;

import org.caravanmta.policy.Case;
import org.caravanmta.reception.limits.Holding;

/// A question of a session on its way to the route (RFC 5321 §3.3).
///
/// @param holding what the question takes of the memory budget; closed when the route has ended,
///   whether somebody still waits for the answer or not
public record RouteQuestion(Case question, Holding holding) {}
