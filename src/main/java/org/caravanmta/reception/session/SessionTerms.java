package org.caravanmta.reception.session;

import org.caravanmta.address.Domain;
import org.caravanmta.address.NetworkList;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.smtp.Reply;

/// The terms of the sessions of all listeners (RFC 5321 §3): the names of the server, the sections
/// of the settings that a session reads, and the rules made from them once for all sessions.
///
/// @param hostname the name in greetings, replies and `Received:` fields
/// @param origin the domain of addresses without one (postfix `myorigin`)
/// @param own the networks whose clients are ours
/// @param smtp what is taken from clients, and how they are spoken to
/// @param content which bodies travel inside the queue message; others are kept in files
/// @param rules what is made from the settings
public record SessionTerms(
    String hostname,
    Domain origin,
    NetworkList own,
    SmtpSettings smtp,
    ContentSettings content,
    DialogueRules rules) {
  public SessionTerms {
    // without a setting it is the name of the machine, which has not been checked yet
    requireName(hostname);
  }

  /// Checks the setting `hostname`.
  ///
  /// @throws IllegalArgumentException for a name that is empty, has a space, or is not printable
  ///   ASCII, as a greeting must be (RFC 5321 §4.2)
  public static void requireName(String hostname) {
    if (hostname.isEmpty() || !hostname.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new IllegalArgumentException("hostname must be a name, was \"" + hostname + "\"");
    }
  }

  /// A reply as the client gets it: never permanent when the operator wants soft bounces (postfix
  /// `soft_bounce`).
  Reply given(Reply reply) {
    return smtp.softBounce() ? reply.softened() : reply;
  }
}
