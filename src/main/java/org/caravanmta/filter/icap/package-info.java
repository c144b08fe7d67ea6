/// Scanners that speak ICAP (RFC 3507), on the side of the client.
///
/// *Place:* a step before the queue or after it, `icap icap://127.0.0.1:1344/avscan`. *Decides:* a
/// message in which something is found is refused; one that comes back changed is taken as it came.
/// *When it cannot tell:* an answer that is none of those that a scanner may give is none, and
/// above all not "clean". *Limits:* answers are not kept, so that a scanner's ISTag only says when
/// its OPTIONS are to be asked again; 206 is understood, and not asked for.
@NullMarked
package org.caravanmta.filter.icap;

import org.jspecify.annotations.NullMarked;
