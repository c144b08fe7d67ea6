package org.caravanmta.smtp;

/// The replies that refuse a whole message, in the same words for every way of submitting it: SMTP
/// and `sendmail`.
public final class MessageReplies {
  /// Larger than the size limit (RFC 1870 §6.1).
  public static final Reply TOO_BIG = Reply.of(552, "5.3.4", "Error: message file too big");

  /// Passed through too many servers: a loop (RFC 5321 §6.3).
  public static final Reply TOO_MANY_HOPS = Reply.of(554, "5.4.0", "Error: too many hops");

  private MessageReplies() {}
}
