package org.caravanmta.policy;

import java.util.List;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;

/// Divides a mail for the queue into parts of at most {@link Envelope#MOST_RECIPIENTS} recipients
/// each, under one id. Mail whose content is in a file cannot be divided, as the file belongs to
/// one envelope.
final class Portions {
  private Portions() {}

  /// Whether a mail can be queued with all its recipients.
  static boolean canBeQueued(Mail mail) {
    return fitsWhole(mail) || isDivisible(mail);
  }

  /// The parts of a mail; empty if it cannot be queued.
  static List<Mail> of(Mail mail) {
    if (fitsWhole(mail)) {
      return List.of(mail);
    }
    return isDivisible(mail) ? mail.parts(mail.recipients()) : List.of();
  }

  private static boolean fitsWhole(Mail mail) {
    return mail.recipients().size() <= Envelope.MOST_RECIPIENTS;
  }

  private static boolean isDivisible(Mail mail) {
    return switch (mail.content()) {
      case Content.Inline _ -> true;
      case Content.Stored _ -> false;
    };
  }
}
