package org.caravanmta.policy;

/// What MAIL and RCPT have said word for word (RFC 5321 §4.1.1.2, §4.1.1.3), before an address was
/// completed; each empty when it has not been said.
///
/// @param sender the path of MAIL without its `<>`
/// @param recipient the path of RCPT without its `<>`
/// @param submitter who has submitted the message by the AUTH parameter of MAIL, in xtext (RFC 4954
///   §5); empty for `<>` too
public record Said(String sender, String recipient, String submitter) {
  public static final Said NOTHING = new Said("", "", "");

  /// With the path of a RCPT.
  public Said to(String path) {
    return new Said(sender, path, submitter);
  }
}
