package org.caravanmta.smtp;

/// What is wrong with a whole message, in the words that every way of taking one uses: the
/// dialogue, and `sendmail`.
public final class MessageReplies {
  public static final Reply TOO_BIG = Reply.of(552, "5.3.4", "Error: message file too big");
  public static final Reply TOO_MANY_HOPS = Reply.of(554, "5.4.0", "Error: too many hops");

  private MessageReplies() {}
}
