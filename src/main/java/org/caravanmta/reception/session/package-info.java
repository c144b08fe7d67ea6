/// One dialogue with a client (RFC 5321 §3), without a socket: lines and content come in, replies
/// and questions to the route go out.
///
/// *Place:* between the socket (`reception`) and the route; the bytes are read by `reception.wire`.
/// *Decides:* which command may come now ({@link CommandOrder}), what the route's answer means
/// ({@link Answers}), and when a reply is sent and in which form ({@link ReplyWriter}). *When it
/// cannot tell:* if the route fails, or answers with something else, the reply is a 4yz; after a
/// bug of ours it is 421, and the client stays responsible for the message. *Limits:* for one
/// thread at a time, the channel's event loop; what has to wait (AUTH, ETRN, tables at EHLO, files)
/// runs on a virtual thread and comes back by {@link Carrier#execute}.
///
/// {@link Session} is the way in. Its parts share a {@link Dialogue}: the {@link SessionState} that
/// they read and change, the {@link Questioning} that puts one question at a time, and the {@link
/// ReplyWriter} that sends every reply. They follow the order of the dialogue, and each is in
/// charge between a command and its reply:
///
/// ```
/// GreetingPhase    the connection, HELO, EHLO, XCLIENT    EarlyQuestion, DiscardLookup
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
