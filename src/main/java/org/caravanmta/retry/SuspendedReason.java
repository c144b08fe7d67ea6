package org.caravanmta.retry;

import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;

/// The reason of recipients whose destination the operator has suspended: 4.3.2, as Postfix has it
/// for a `deferred transport`, and in the log and the queue what the operator has said; senders are
/// not told who suspends what.
final class SuspendedReason {
  private static final String STATUS = "4.3.2";

  /// Both are in the text of each of them.
  private static final String BEGIN = "delivery to ";

  private static final String BY = " suspended by ";

  private static final Reason SHOWN = Reason.of(STATUS, "delivery is suspended for the time being");

  private SuspendedReason() {}

  /// @param told `delivery to transport smtp suspended by ann: the line is down`
  static Reason of(String told) {
    return Reason.of(STATUS, told);
  }

  /// A recipient as reports name it.
  static Recipient shown(Recipient recipient) {
    return recipient.last().filter(SuspendedReason::is).isPresent()
        ? recipient.because(SHOWN)
        : recipient;
  }

  /// Whether the recipient has waited for the same reason before.
  static boolean isKnown(RecipientResult result) {
    return result.attempt() instanceof Attempt.Deferred(Reason reason)
        && result.recipient().last().filter(reason::equals).isPresent();
  }

  private static boolean is(Reason reason) {
    return reason.remote().isEmpty()
        && reason.reply().isEmpty()
        && reason.status().equals(Status.of(STATUS))
        && reason.text().startsWith(BEGIN)
        && reason.text().contains(BY);
  }
}
