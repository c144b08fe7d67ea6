package org.caravanmta.restriction;

import java.util.List;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.smtp.Reply;

/// What a restriction finds.
sealed interface Finding {
  Finding DUNNO = new Dunno();
  Finding OK = new Ok();
  Finding OURS = new Ours();

  /// A restriction cannot be asked as the operator has written it, or its table is unavailable.
  Finding BROKEN = new Refused(Reply.of(451, "4.3.5", "Server configuration error"), true);

  /// Nothing for it, nothing against it.
  record Dunno() implements Finding {}

  /// For it: this list has no more to say.
  record Ok() implements Finding {}

  /// The recipient's mail is ours to take; the list goes on.
  record Ours() implements Finding {}

  /// Against it.
  ///
  /// @param fault whether that is our fault or our operator's, and `warn_if_reject` does not soften
  ///   it
  record Refused(Reply reply, boolean fault) implements Finding {
    Refused(Reply reply) {
      this(reply, false);
    }
  }

  record DeferIfPermit(Reply reply) implements Finding {}

  record DeferIfReject(Reply reply) implements Finding {}

  /// Accepted and dropped.
  record Discard(String why) implements Finding {}

  /// @param word the log's word for it; empty when it is not logged
  record Noted(MessageAction action, String word, String text) implements Finding {}

  record Said(String word, String text) implements Finding {}

  /// To be decided by these, in this order.
  record Further(List<Entry> entries) implements Finding {}

  /// To be decided by a restriction class, which is a route of this name.
  record OfClass(String name) implements Finding {}

  /// A restriction in its place.
  ///
  /// @param warn whether its rejection is only logged (`warn_if_reject`)
  record Entry(boolean warn, Restriction restriction) {}
}
