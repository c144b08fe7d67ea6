/// The operator's rules for the text of messages (postfix `header_checks(5)`, `body_checks(5)`).
///
/// *Place:* reception asks {@link org.caravanmta.check.Checks} and {@link
/// org.caravanmta.check.Attachments} at the end of data, after rewriting; delivery asks {@link
/// org.caravanmta.check.WireChecks} when it sends a message. *Decides:* whether a message is
/// refused, dropped or held; which fields and lines are removed, replaced or added; who gets the
/// message too, or instead. *When it cannot tell:* 451. A pattern that takes too long on a field or
/// line defers the message, and never lets it pass. A message whose attachments cannot be read, or
/// may be read differently by mail readers, is held unless the operator says otherwise, also when
/// the fault is ours; but a rule that refuses it takes precedence. A message on which {@link
/// org.caravanmta.check.Checks} breaks is held.
///
/// *Limits:* {@link org.caravanmta.check.Checks} sees one field or line at a time, without decoding
/// it, lines of more than 2048 bytes in pieces, and by default only the first 50 KiB of a part.
/// What a rule adds is not checked again; {@link org.caravanmta.check.Added} says what is
/// rewritten. {@link org.caravanmta.check.Attachments} decodes in every way in which a mail reader
/// might, and reads the names in archives, also in archives within archives; an archive with an
/// encrypted entry is unreadable, and so is one with more than 10,000 entries or 256 MiB. Content
/// that rules have changed twice, in two steps of a route, leaves its first version in the store
/// until the next start.
@NullMarked
package org.caravanmta.check;

import org.jspecify.annotations.NullMarked;
