package org.caravanmta.queue.admin;

import org.caravanmta.queue.spi.Frame;

/// What becomes of a message that the operator's verb has taken from a queue.
sealed interface Drained {
  Drained DELETED = new Deleted();
  Drained LEFT = new Left();

  record Deleted() implements Drained {}

  /// In its place goes this.
  record Sent(Frame frame) implements Drained {}

  /// It stays where it is.
  record Left() implements Drained {}
}
