package org.caravanmta.policy;

/// The paths of MAIL and RCPT exactly as the client gave them (RFC 5321 §4.1.1.2, §4.1.1.3), before
/// they were completed; each is empty if it has not been given.
///
/// @param sender the path of MAIL without its `<>`
/// @param recipient the path of RCPT without its `<>`
/// @param submitter the AUTH parameter of MAIL in xtext (RFC 4954 §5): who is said to have
///   submitted the message; empty for `<>` too
public record GivenPaths(String sender, String recipient, String submitter) {
  /// Before MAIL.
  public static final GivenPaths NOTHING = new GivenPaths("", "", "");

  /// With the path of RCPT.
  public GivenPaths to(String path) {
    return new GivenPaths(sender, path, submitter);
  }
}
