package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Unsettled;
import org.caravanmta.smtp.Attempt;

/// What one delivery task came to.
///
/// @param results one for each recipient of `mail`, in their order; then one for each address that
///   a recipient stands for and that has failed while others got the mail, or wait for it
/// @param tried whether it was an attempt: a task that was turned away because too many wait for
///   its destination has not been tried, and waits the shortest time again
/// @param onward messages that some of the recipients have become: for the transport of their hop,
///   or to be routed
public record TaskOutcome(
    Mail mail, List<RecipientResult> results, Delays times, boolean tried, List<Mail> onward)
    implements Unsettled {
  public TaskOutcome {
    results = List.copyOf(results);
    onward = List.copyOf(onward);
  }

  public TaskOutcome(Mail mail, List<RecipientResult> results, Delays times, boolean tried) {
    this(mail, results, times, tried, List.of());
  }

  /// The same attempt for every recipient.
  public static TaskOutcome all(Mail mail, Attempt attempt, Delays times) {
    return new TaskOutcome(
        mail,
        mail.recipients().stream()
            .map(recipient -> RecipientResult.of(recipient, attempt))
            .toList(),
        times,
        true);
  }

  /// The same for the message that this one was made of.
  public TaskOutcome of(Mail original) {
    if (original == mail) {
      return this;
    }
    var ofOriginal = new ArrayList<RecipientResult>();
    for (int i = 0; i < results.size(); i++) {
      int at =
          i < mail.recipients().size() ? i : mail.recipients().indexOf(results.get(i).recipient());
      ofOriginal.add(results.get(i).of(original.recipients().get(at)));
    }
    return new TaskOutcome(original, ofOriginal, times, tried, onward);
  }

  public TaskOutcome untried() {
    return new TaskOutcome(mail, results, times, false, onward);
  }
}
