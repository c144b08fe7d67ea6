/// Virus scanners that speak the protocol of clamd (clamd(8), "COMMANDS").
///
/// *Place:* a step before the queue or after it, `clamd inet:127.0.0.1:3310`. *Decides:* a message
/// in which something is found is refused; where it was accepted already, the step sets it aside.
/// *When it cannot tell:* any answer but `OK` and `FOUND` is none, above all that the message is
/// larger than the scanner reads: it has not been scanned. *Limits:* the scanner's own limits for
/// archives are its own; it says `OK` of what it has not looked into.
@NullMarked
package org.caravanmta.filter.clamd;

import org.jspecify.annotations.NullMarked;
