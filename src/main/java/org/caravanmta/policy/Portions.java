package org.caravanmta.policy;

import java.util.List;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;

/// The parts in which a mail is queued: of at most {@link Envelope#MOST_RECIPIENTS} recipients
/// each, under one id. Mail whose content lies in a file cannot be divided, for that file belongs
/// to one envelope.
final class Portions {
  private Portions() {}

  /// Whether a mail can be queued with all its recipients.
  static boolean canBeQueued(Mail mail) {
    return fitsWhole(mail) || isDivisible(mail);
  }

  /// The parts of a mail; none when it cannot be queued.
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
