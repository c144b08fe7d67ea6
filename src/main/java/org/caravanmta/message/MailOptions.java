package org.caravanmta.message;

import java.util.Optional;

/// The ESMTP parameters of MAIL FROM that stay with the message (RFC 5321 §4.1.1.2).
///
/// @param body the BODY parameter (RFC 6152 §3, RFC 3030 §4); absent when the client has not given
///   it, and so has promised nothing
/// @param smtputf8 whether SMTPUTF8 was given (RFC 6531 §3.4)
/// @param ret how much of the message a report returns (RFC 3461 §4.3); absent when not given, and
///   then not passed on either
/// @param envid the ENVID parameter as given, in xtext (RFC 3461 §4.4); absent likewise
/// @param verp whether each recipient's mail gets a reverse path of its own, and which; absent when
///   it does not, and once it has it
/// @param requireTls whether REQUIRETLS was given: the message goes only over TLS with servers that
///   prove their names and ask the same of the next (RFC 8689 §4.2)
public record MailOptions(
    Optional<Body> body,
    boolean smtputf8,
    Optional<Ret> ret,
    Optional<String> envid,
    Optional<Verp> verp,
    boolean requireTls) {
  public static final MailOptions NONE =
      new MailOptions(Optional.empty(), false, Optional.empty(), Optional.empty());

  /// Without variable reverse paths.
  public MailOptions(
      Optional<Body> body, boolean smtputf8, Optional<Ret> ret, Optional<String> envid) {
    this(body, smtputf8, ret, envid, Optional.empty(), false);
  }

  /// The same with variable reverse paths.
  public MailOptions with(Verp changed) {
    return new MailOptions(body, smtputf8, ret, envid, Optional.of(changed), requireTls);
  }

  /// The same without variable reverse paths.
  public MailOptions withoutVerp() {
    return new MailOptions(body, smtputf8, ret, envid, Optional.empty(), requireTls);
  }

  /// The same with a report that returns this much.
  public MailOptions with(Ret changed) {
    return new MailOptions(body, smtputf8, Optional.of(changed), envid, verp, requireTls);
  }

  /// The same of internationalized mail (RFC 6531 §3.4).
  public MailOptions withSmtputf8() {
    return new MailOptions(body, true, ret, envid, verp, requireTls);
  }

  /// The same of mail that goes over TLS only.
  public MailOptions withRequireTls() {
    return new MailOptions(body, smtputf8, ret, envid, verp, true);
  }

  /// The same of mail that may go in the clear.
  public MailOptions withoutRequireTls() {
    return new MailOptions(body, smtputf8, ret, envid, verp, false);
  }

  /// What a new message that carries this one on keeps of it: all but what its sender wants to be
  /// told.
  public MailOptions withoutReports() {
    return new MailOptions(
        body, smtputf8, Optional.empty(), Optional.empty(), Optional.empty(), requireTls);
  }

  /// What the body consists of.
  public enum Body {
    /// Lines of ASCII (`7BIT`, RFC 6152 §3).
    SEVENBIT,
    /// Lines of any bytes (`8BITMIME`, RFC 6152 §3).
    EIGHTBITMIME,
    /// Any bytes (`BINARYMIME`, RFC 3030 §3).
    BINARYMIME
  }

  /// How much of a failed message its report returns (RFC 3461 §4.3).
  public enum Ret {
    /// All of it.
    FULL,
    /// Its header section.
    HDRS
  }

  /// Whether the body need not be in lines: then only BDAT can carry it (RFC 3030 §3).
  public boolean binary() {
    return body.filter(Body.BINARYMIME::equals).isPresent();
  }
}
