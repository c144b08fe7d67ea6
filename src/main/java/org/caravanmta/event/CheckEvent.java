package org.caravanmta.event;

import java.util.Locale;
import org.caravanmta.message.Mail;

/// What checks of content do to a message (postfix `header_checks(5)`), in the words of Postfix's
/// cleanup.
public sealed interface CheckEvent extends Event {
  /// What a rule orders (postfix `header_checks(5)`, ACTIONS), as the log names it.
  enum Action {
    REJECT,
    DISCARD,
    HOLD,
    STRIP,
    REPLACE,
    PREPEND,
    FILTER,
    REDIRECT,
    BCC,
    WARNING,
    INFO,
    PASS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it says what becomes of the message.
    boolean isLast() {
      return this == REJECT || this == DISCARD || this == HOLD;
    }
  }

  /// A rule has matched: `reject: header Subject: sale from`.
  ///
  /// @param unit that it matches, and what that is: `header Subject: sale`, `body sale`,
  ///   `attachment name:a.exe`
  /// @param text what the rule says, puts in, or names
  record Matched(Mail mail, String unit, Action action, String text) implements CheckEvent {}

  /// Whether a rule matches could not be told, or what it orders cannot be done: `warning`.
  record Undecided(Mail mail, String unit, String why) implements CheckEvent {}

  /// A message has characters that the operator does not take (postfix
  /// `message_reject_characters`): `reject: disallowed character`.
  record Disallowed(Mail mail) implements CheckEvent {}
}
