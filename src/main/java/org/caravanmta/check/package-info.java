/// The operator's rules for what messages say (postfix `header_checks(5)`, `body_checks(5)`).
///
/// *Place:* asked by reception at the end of data, after rewriting; {@link
/// org.caravanmta.check.WireChecks} when a message is sent. *Decides:* refuse, drop or hold the
/// message; remove, replace or add fields and lines; send it elsewhere too, or instead. *When it
/// cannot tell:* 451; a pattern that takes too long on a field or line defers the message and never
/// passes it. Attachments that cannot be read, or that mail readers may read differently from us,
/// are held, or as the operator says; a fault of ours in reading them is no exception. A rule that
/// refuses comes first. A message that {@link org.caravanmta.check.Checks} break on is held.
///
/// *Limits:* one field or line at a time, as it came: {@link org.caravanmta.check.Checks} undoes no
/// encoding, sees lines of more than 2048 bytes in pieces, and nothing after the first 50 KiB of a
/// part. What a rule adds is not checked again; see {@link org.caravanmta.check.Added} for what is
/// rewritten. {@link org.caravanmta.check.Attachments} undoes encodings in every way in which they
/// may be undone, and reads names in archives, and in archives within them; one with an encrypted
/// entry is unreadable, and so is one of more than 10,000 entries or 256 MiB. Content that a rule
/// has changed twice, in two steps of a route, leaves its first version until the next start.
@NullMarked
package org.caravanmta.check;

import org.jspecify.annotations.NullMarked;
