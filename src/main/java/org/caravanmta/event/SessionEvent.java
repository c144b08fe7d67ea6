package org.caravanmta.event;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.EhloKeywords;
import org.caravanmta.smtp.Reply;

/// What happens in a session with a client (RFC 5321 §3), in the words of Postfix's smtpd unless a
/// record says otherwise.
public sealed interface SessionEvent extends Event {
  /// A client is there: `connect from`.
  record Connected(Client client) implements SessionEvent {}

  /// A proxy of ours says by XCLIENT for whom it speaks: `connect from`.
  ///
  /// @param to for whom
  record Substituted(Client from, Client to) implements SessionEvent {}

  /// A client has more than it may (postfix `anvil(8)`): `Connection rate limit exceeded`.
  ///
  /// @param what of which it has too much: `Connection rate`
  record LimitExceeded(String what, Client client) implements SessionEvent {}

  /// A line has ended without CR (RFC 5321 §2.3.8): `bare <LF> received`.
  record BareLfReceived(Client client) implements SessionEvent {}

  /// A client is not offered all of EHLO's keywords: `discarding EHLO keywords`.
  record KeywordsDiscarded(Client client, EhloKeywords keywords) implements SessionEvent {}

  /// Sessions were ended that held most of the memory for sessions; ours alone, Postfix has a
  /// process for each.
  ///
  /// @param held by all sessions, in bytes
  record Displaced(int sessions, long held, long limit) implements SessionEvent {}

  /// A message has got its id, with its first recipient: `client=`.
  ///
  /// @param forwarded whom the client says by XFORWARD it has it from, as the line ends: `,
  ///   orig_client=NAME[ADDR]`
  record Begun(String id, Client client, String forwarded) implements SessionEvent {}

  /// A connection is encrypted (RFC 3207): `Anonymous TLS connection established from`.
  record Secured(Client client) implements SessionEvent {}

  /// A client and we have not agreed how to encrypt: `SSL_accept error from`.
  record NotSecured(Client client, Throwable why) implements SessionEvent {}

  /// A client has shown who it is (RFC 4954); the line is that of the message it then sends.
  record LoggedIn(Client client, String mechanism) implements SessionEvent {}

  /// A client has not: `SASL PLAIN authentication failed`.
  ///
  /// @param user whom it said to be, empty when it did not come to that
  record LoginFailed(Client client, String mechanism, String reason, String user)
      implements SessionEvent {}

  /// Nobody can tell whether it has: `SASL PLAIN authentication failed`, for a reason that what
  /// bans clients by Postfix's log knows.
  record LoginUndecided(Client client, String mechanism, String why) implements SessionEvent {}

  /// Something a client asked for was refused (RFC 5321 §4.2): `reject: RCPT from`.
  ///
  /// @param step `CONNECT`, `MAIL`, `RCPT`, `END-OF-MESSAGE`, …
  /// @param id the message's, if it has one yet
  /// @param sender the reverse path, once there is a transaction
  record Refused(
      String step,
      Client client,
      Optional<String> id,
      Optional<ReversePath> sender,
      Optional<Address> recipient,
      Reply reply)
      implements SessionEvent {}

  /// A message is here and has been through the stages that are asked before it is taken: what
  /// Postfix's cleanup says, `message-id=`.
  record Completed(Mail mail) implements SessionEvent {}

  /// We have taken a message over (RFC 5321 §6.1). Postfix's smtpd does not say so.
  record Queued(Mail mail) implements SessionEvent {}

  /// A client has gone before it could be told whether we have its message; ours alone.
  record NotQueued(Mail mail) implements SessionEvent {}

  /// A message is taken, but not sent on until the operator releases it: `hold`.
  ///
  /// @param known whether restrictions have ordered it, and have said so
  record Held(Mail mail, String why, boolean known) implements SessionEvent {}

  /// A message is dropped, though its client was told that it is taken: `discard`.
  ///
  /// @param known whether restrictions have ordered it, and have said so
  record Discarded(Mail mail, String why, boolean known) implements SessionEvent {}

  /// A content filter has taken a message over: nothing is queued here.
  ///
  /// @param reply the filter's
  record Taken(Mail mail, Reply reply) implements SessionEvent {}

  /// A session was not ended by QUIT: `timeout after DATA from`.
  ///
  /// @param what `timeout`, `lost connection`, `too many errors`, …
  /// @param last the step after which it was so
  record Ended(String what, String last, Client client) implements SessionEvent {}

  /// A client has gone: `disconnect from`.
  ///
  /// @param tally how many commands were good, of how many: `rcpt=1/2 commands=5/6`
  record Disconnected(Client client, String tally) implements SessionEvent {}

  /// A session is over in which something was refused of which the postmaster wants to hear; only
  /// those who listen are told, the log has each refusal.
  ///
  /// @param transcript what was said, a line each
  record Troubled(Client client, Set<Trouble> troubles, List<String> transcript)
      implements SessionEvent {
    public Troubled {
      troubles = Set.copyOf(troubles);
      transcript = List.copyOf(transcript);
    }
  }

  /// Something of ours did not work; the client is told to try again later. Ours alone.
  record Faulted(Optional<String> id, Client client, Throwable why) implements SessionEvent {}

  /// We are wrong; the client is told to try again later. Ours alone.
  record Broken(Optional<String> id, Client client, Throwable why) implements SessionEvent {}
}
