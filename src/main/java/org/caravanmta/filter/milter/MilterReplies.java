package org.caravanmta.filter.milter;

import org.caravanmta.smtp.Reply;

/// What the client is told where a milter has no words of its own, as Postfix says it.
final class MilterReplies {
  static final Reply REJECTED = Reply.of(550, "5.7.1", "Command rejected");
  static final Reply LATER = Reply.of(451, "4.7.1", "Service unavailable - try again later");
  static final Reply CLOSING = Reply.of(421, "4.7.0", "Server closing connection");

  private MilterReplies() {}
}
