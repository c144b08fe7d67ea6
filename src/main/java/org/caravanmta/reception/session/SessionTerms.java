package org.caravanmta.reception.session;

import org.caravanmta.address.Domain;
import org.caravanmta.address.NetworkList;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.smtp.Reply;

/// What the sessions of all listeners go by: the names of the server, the sections of the settings
/// that a session reads itself, and what is made of them once for all sessions.
///
/// @param hostname the name in greetings, replies and `Received:` fields
/// @param origin the domain of addresses without one
/// @param own the networks whose clients are ours
/// @param smtp what is taken from clients, and how they are spoken to
/// @param content which bodies travel inside the queue message; others are kept in files
/// @param rules what is made of settings
public record SessionTerms(
    String hostname,
    Domain origin,
    NetworkList own,
    SmtpSettings smtp,
    ContentSettings content,
    DialogueRules rules) {
  public SessionTerms {
    // the name of the machine, where the settings have none
    requireName(hostname);
  }

  /// A rule of the setting `hostname`: a greeting is ASCII (RFC 5321 §4.2).
  ///
  /// @throws IllegalArgumentException for anything else
  public static void requireName(String hostname) {
    if (hostname.isEmpty() || !hostname.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new IllegalArgumentException("hostname must be a name, was \"" + hostname + "\"");
    }
  }

  /// A reply as the client gets it.
  Reply given(Reply reply) {
    return smtp.softBounce() ? reply.softened() : reply;
  }
}
