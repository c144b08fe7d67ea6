/// What follows an attempt at delivery (RFC 5321 §4.5.4.1, §6.1): the recipient is done, waits in a
/// lane, or is reported to the sender.
@NullMarked
package org.caravanmta.retry;

import org.jspecify.annotations.NullMarked;
