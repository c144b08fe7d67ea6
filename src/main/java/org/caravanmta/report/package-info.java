/// Reports: delivery status notifications (RFC 3461, RFC 3464) to the sender.
///
/// *Place:* after delivery, when recipients have failed or the sender wants to hear of success; and
/// after the maildrop, when somebody asks who could be written to. *Decides:* how much of the
/// message is returned. *When it cannot tell* (content that cannot be read): the header section
/// alone is returned.
///
/// A report has the null reverse path and is never about a message that has it (RFC 5321 §4.5.5,
/// §6.1): two servers cannot report to each other forever, and a failed report is only logged.
///
/// To an address beyond ASCII, or where it returns fields beyond ASCII that were declared with
/// SMTPUTF8, the report has the types of RFC 6533; else such addresses are written in characters of
/// ASCII. A report to an address of ASCII goes to a server that does not offer SMTPUTF8 as to
/// others. A diagnostic of type `smtp` is what a server has said, `x-unix` what a program has, and
/// `X-Caravan` what we say ourselves.
///
/// The postmaster can have copies, and mail with the null reverse path that nobody could be told
/// of, from `double-bounce`: what cannot be delivered of those goes no further, see {@link
/// Postmaster}. Transcripts of sessions with clients and servers are posted in the maildrop, see
/// {@link SessionNotices}.
///
/// About mail that requires TLS the report requires it too, and returns the header section alone
/// (RFC 8689 §5).
///
/// *Limits:* in English, unless the operator has a text of their own, see {@link Templates}.
@NullMarked
package org.caravanmta.report;

import org.jspecify.annotations.NullMarked;
