/// The parts of a MIME message (RFC 2045, RFC 2046), decoded: what an attachment is called, what it
/// is said to be, and what it is.
///
/// Encoded, too: where in its structure each line stands ({@link org.caravanmta.mime.Anatomy}), and
/// what of it a server of seven bits gets ({@link org.caravanmta.mime.SevenBit}).
///
/// *Place:* below checks, and below the client that sends. *Decides:* nothing. *When it cannot
/// tell:* {@link org.caravanmta.mime.Unreadable}: the structure is too deep, has too many parts, an
/// archive is damaged, or unpacks to more than it may. *Limits:* zip archives are looked into, one
/// level deep, by the names in front of each entry; other archives are known by their first bytes
/// only.
@NullMarked
package org.caravanmta.mime;

import org.jspecify.annotations.NullMarked;
