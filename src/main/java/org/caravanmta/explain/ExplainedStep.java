package org.caravanmta.explain;

import java.util.function.UnaryOperator;
import org.caravanmta.policy.Case;

/// A bean of a route, by the name it has there.
public record ExplainedStep(String name, UnaryOperator<Case> bean) {}
