/// Reception: the server's side of SMTP (RFC 5321) and of message submission (RFC 6409).
///
/// *Place:* the first stage; until the 250 after its data the client is responsible for a message.
/// *Decides:* what is valid SMTP, sizes and limits, and the reply to every command; it asks the
/// route whether client, recipient and message are welcome, one question at a time, and reads no
/// further command while it needs the answer. *When it cannot tell:* 451. *Limits:* there is no
/// EXPN; the AUTH parameter of MAIL is not passed on; replies are in ASCII, whatever the addresses.
/// ETRN finds waiting mail by the domain of its first recipient, and is not subject to
/// restrictions.
///
/// The connection says who the client is; a PROXY header of a declared proxy, or XCLIENT of a host
/// that may use it, puts another client in its place, and from then on restrictions, limits and the
/// log know only that client. How many sessions one client may have, and how many connections,
/// messages and recipients in a minute, is counted in {@link
/// org.caravanmta.reception.limits.Usage}; beyond that the reply is 421 or 450, never a 5yz. Rates
/// are those of this server, not of a cluster, and are forgotten when it ends. A listener with
/// proxies also serves connections from elsewhere, which have no header: if nobody may bypass the
/// proxies, the network has to see to it. XFORWARD is for the log only.
///
/// What a listener offers of TLS and logins is its {@link
/// org.caravanmta.reception.session.Security}; what happens after STARTTLS and AUTH is a {@link
/// org.caravanmta.reception.session.SecurityPhase}.
///
/// A client that has ended its side of the connection (RFC 9293 §3.6) still gets the replies to
/// every command and message that it has sent completely, and then the session ends; a command or
/// message that is cut short is ignored. When a client is seen to have gone, its message is taken
/// no further along the route than the step it is at; a client that has ended its side and then
/// dies is not noticed until something is written to it. Before TLS 1.3, the end of one direction
/// is the end of both.
///
/// The memory of all sessions together is limited too, by the {@link
/// org.caravanmta.reception.limits.MemoryBudget}. When it is short, bodies go to files sooner; when
/// it is used up, the reply is 452, 454 or 421, and sessions that have held much for long without
/// sending anything are ended with 421. The bytes counted are estimates.
///
/// Camel is known to `Listener` and `QuestionCarrier` alone, the socket to `SessionHandler` and its
/// parts; `reception.session` knows neither, so that a test can play a whole dialogue by calling
/// methods. Each package imports only those after it: `reception` (sockets and Camel),
/// `reception.session` (the dialogue), `reception.wire` (lines and content), `reception.limits`
/// (what clients may have).
///
/// One RCPT, from its bytes to its reply:
///
/// ```
/// socket ──> SessionHandler.channelRead ──> Turn ──> Input  cuts the bytes into lines
///   Session.line ──> CommandParser.parse                    a Command.Rcpt
///     CommandPhase.command ──> CommandOrder                 may it come now?
///     RecipientPhase.rcpt ──> Questioning.ask               a Case.Rcpt, and what to do then
///       Carrier.ask (SessionHandler) ──> QuestionCarrier    from the event loop to a virtual thread
///         the route: restrictions, relay list, greylist     the Case.Rcpt with a verdict
///       SessionHandler.write <── RouteAnswer                back on the event loop
///     RecipientPhase.decided <── Questioning.answer         Answers reads the verdict
///       MailTransaction.accept                              the SessionState has one recipient more
///     ReplyWriter.done ──> send                             soft bounce, footer, enhanced status
/// socket <── Outbox <── Carrier.reply (SessionHandler)      with the replies of its group
/// ```
@NullMarked
package org.caravanmta.reception;

import org.jspecify.annotations.NullMarked;
