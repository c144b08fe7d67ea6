/// How much clients may have of the server (RFC 5321 §4.5.3, §4.5.4.2): sessions, rates, memory and
/// time, of each client and of all together. Place: under everything else of reception; it counts
/// and answers with values, and knows neither replies nor log lines.
@NullMarked
package org.caravanmta.reception.limits;

import org.jspecify.annotations.NullMarked;
