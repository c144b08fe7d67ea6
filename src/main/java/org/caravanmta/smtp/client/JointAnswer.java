package org.caravanmta.smtp.client;

import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Reply;

/// What comes of a message that is offered to a server for all of its recipients or for none, see
/// {@link SmtpDialogue#offer}.
public sealed interface JointAnswer {
  /// The server has taken it, by a 2yz reply to its end, or has refused it, by the first 4yz or 5yz
  /// reply to any command of the transaction (RFC 5321 §4.2.1).
  ///
  /// @param reply as the server has given it
  record Said(Reply reply) implements JointAnswer {}

  /// The message needs what the server does not offer, and was not sent.
  ///
  /// @param reason of class 5
  record Unfit(Reason reason) implements JointAnswer {}

  /// The server has given no reply that decides.
  ///
  /// @param why one line
  /// @param sentWhole whether the end of the message may have reached the server, so that it may
  ///   have taken it all the same
  record Unknown(String why, boolean sentWhole) implements JointAnswer {}
}
