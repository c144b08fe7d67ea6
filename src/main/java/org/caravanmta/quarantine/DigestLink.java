package org.caravanmta.quarantine;

import java.time.Instant;

/// What a link in a digest is about. Whoever has the link may do it: it is signed, see {@link
/// LinkSigner}.
///
/// @param expires after this it does nothing, in whole seconds
/// @param id of the message
/// @param recipient for whom it is done, an address; for the postmaster, who acts for all of a
///   message, empty, or the domain for which a sender is blocked
/// @param sender who is blocked; empty where it is about the message
record DigestLink(Deed deed, Instant expires, String id, String recipient, String sender) {
  /// What is done.
  enum Deed {
    RELEASE,
    DELETE,
    BLOCK
  }

  /// Whether it is about all recipients of the message.
  boolean all() {
    return recipient.isEmpty();
  }

  /// Who does it, for the log and the list of blocked senders.
  String by() {
    return switch (deed) {
      case RELEASE, DELETE -> "a link of " + (all() ? "the postmaster" : recipient);
      case BLOCK -> "a link of " + (recipient.contains("@") ? recipient : "the postmaster");
    };
  }
}
