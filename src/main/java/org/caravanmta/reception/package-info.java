/// Reception: the server's side of SMTP (RFC 5321) and of message submission (RFC 6409).
///
/// *Place:* the first stage; the message is the client's until the 250 after its data. *Decides:*
/// what is SMTP, sizes and limits, and the reply to every command; it asks the route whether
/// client, recipient and message are welcome, one question at a time, and reads no further command
/// before it has the verdict. *When it cannot tell:* 451. *Limits:* no EXPN; the AUTH parameter of
/// MAIL is not passed on; replies are in ASCII, whatever the addresses. ETRN means mail by the
/// domain of its first recipient, and asks no restrictions.
///
/// The connection says who the client is; a PROXY header of a declared proxy, or XCLIENT of a host
/// that may use it, puts another in its place, and from then on restrictions, limits and log know
/// only that one. A client has its share of the sessions and of what a minute may bring ({@link
/// org.caravanmta.reception.limits.Usage}); past it the reply is 421 or 450, never a 5yz. Rates are
/// this server's own and not those of a cluster, and are forgotten when it ends; of more clients
/// than {@link org.caravanmta.reception.limits.Usage} watches, the most idle are forgotten first. A
/// listener with proxies serves connections from elsewhere too, without a header: the network must
/// keep away what must not get past the proxies. XFORWARD is for the log only.
///
/// What a listener offers of TLS and logins is its {@link
/// org.caravanmta.reception.session.Security}; a session goes through {@link
/// org.caravanmta.reception.session.SecurityPhase} into a better known client.
///
/// A client that has ended its side of the connection (RFC 9293 §3.6) gets the replies to all it
/// has sent whole, and then the session ends; a command or message that is cut short counts for
/// nothing. A message whose client is seen to have gone is taken no further along the route than
/// the step it is at; a client that has ended its side and then dies is not noticed until something
/// is written to it. TLS before 1.3 ends in both directions at once.
///
/// What all sessions hold together has a sum too, {@link
/// org.caravanmta.reception.limits.MemoryBudget}: past it more is 452 or 454, a session that holds
/// most and sends nothing is ended with 421, and bodies go to files sooner. The bytes counted are
/// estimates.
///
/// {@link org.caravanmta.reception.Listener} is where Camel begins and ends, {@link
/// org.caravanmta.reception.SessionHandler} where the socket does; after them everything is plain
/// code that a test drives without either. Each package imports only those after it: `reception`
/// (sockets and Camel), `reception.session` (the dialogue), `reception.wire` (lines and content),
/// `reception.limits` (what clients may have).
///
/// One RCPT, from its bytes to its reply:
///
/// ```
/// socket ──> SessionHandler.channelRead ──> Input           cuts the bytes into lines
///   Session.line ──> CommandPhase ──> CommandOrder          parses it; why it may not come, if so
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
