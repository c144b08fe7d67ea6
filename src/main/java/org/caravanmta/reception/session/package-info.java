/// One dialogue with a client (RFC 5321 §3), without a socket: lines and content come in, replies
/// and questions to the route go out.
///
/// *Place:* between the socket (`reception`) and the route; the bytes are read by `reception.wire`.
/// *Decides:* which command may come now ({@link CommandOrder}), what the answer of the route means
/// ({@link Answers}), and how and when a reply is said ({@link ReplyWriter}). *When it cannot
/// tell:* an answer that is not one, or none, is a 4yz; a bug of ours is 421, and the message stays
/// the client's. *Limits:* for one thread at a time, the channel's event loop; what waits (AUTH,
/// ETRN, tables of EHLO, files) has a virtual thread and comes back by {@link Carrier#execute}.
///
/// {@link Session} is the way in. Its parts share a {@link Dialogue}: the {@link SessionState} they
/// read and change, the {@link Questioning} that puts one question at a time, and the {@link
/// ReplyWriter} by which every reply leaves. They come in the order of the dialogue, and each is
/// what happens between a command and its reply:
///
/// ```
/// GreetingPhase    the connection, HELO, EHLO, XCLIENT    EarlyQuestion, OfferedExtensions
/// SecurityPhase    STARTTLS, AUTH                         AuthPhase, Protection
/// MailPhase        MAIL                                   EarlyQuestion, begins a MailTransaction
/// RecipientPhase   RCPT
/// ContentPhase     DATA, BDAT and the bytes after them    DataQuestion, Chunks, DataPhase,
///                                                         ContentIntake, BodySpool
/// VrfyPhase, EtrnPhase, and in CommandPhase itself: RSET, NOOP, HELP, QUIT
/// ```
@NullMarked
package org.caravanmta.reception.session;

import org.jspecify.annotations.NullMarked;
