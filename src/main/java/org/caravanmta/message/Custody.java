package org.caravanmta.message;

import java.time.Instant;
import java.util.OptionalDouble;

/// Why a message is in the quarantine.
///
/// @param filter the content filter that has set it aside, as the step of the route names it
/// @param why in the filter's words
/// @param score of a filter that gives one: the higher, the worse
/// @param since when
public record Custody(String filter, String why, OptionalDouble score, Instant since) {}
