package org.caravanmta.message;

import java.util.Optional;

/// The ESMTP parameters of MAIL FROM that stay with the message.
///
/// @param body the BODY parameter (RFC 6152 §3, RFC 3030 §4); absent when not given, which promises
///   nothing
/// @param smtputf8 whether SMTPUTF8 was given (RFC 6531 §3.4)
/// @param ret how much of the message a report returns (RFC 3461 §4.3); absent stays absent
/// @param envid the ENVID parameter as given, in xtext (RFC 3461 §4.4); absent stays absent
public record MailOptions(
    Optional<Body> body, boolean smtputf8, Optional<Ret> ret, Optional<String> envid) {
  public static final MailOptions NONE =
      new MailOptions(Optional.empty(), false, Optional.empty(), Optional.empty());

  public enum Body {
    SEVENBIT,
    EIGHTBITMIME,
    BINARYMIME
  }

  public enum Ret {
    FULL,
    HDRS
  }

  /// Whether the body need not be lines: then nothing but BDAT carries it (RFC 3030 §3).
  public boolean binary() {
    return body.filter(Body.BINARYMIME::equals).isPresent();
  }
}
