package org.caravanmta.filter;

import java.util.OptionalDouble;
import org.caravanmta.message.Mail;

/// What a content filter says of a message that it, or another run of it, has set aside before.
public sealed interface SecondOpinion {
  /// It has nothing against the message any more.
  ///
  /// @param mail with the filter's edits
  record Passes(Mail mail) implements SecondOpinion {}

  /// It would set it aside, or refuse it, again.
  record Stays(String why, OptionalDouble score) implements SecondOpinion {}

  /// It is the filter's now, which has taken it as a mail server does.
  record Taken(String reply) implements SecondOpinion {}

  /// It gives no answer, or none that is final.
  record Unknown(String why) implements SecondOpinion {}
}
