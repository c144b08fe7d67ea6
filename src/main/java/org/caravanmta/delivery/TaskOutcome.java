package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Unsettled;
import org.caravanmta.smtp.Attempt;

/// The outcome of one delivery task: what the attempt has come to for each recipient (RFC 5321
/// §6.1).
///
/// @param results one for each recipient of `mail`, in their order; then one for each failure of a
///   part of a recipient (an alias may stand for several addresses) whose other parts have got the
///   mail, or wait for it
/// @param times where the time went
/// @param tried whether there was an attempt: there was none when too many messages wait for the
///   destination, and then the message goes back to its queue
/// @param onward new messages that recipients have become, such as forwarded mail: for the
///   transport that they name, or to be routed
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

  /// An outcome that is the same for every recipient.
  public static TaskOutcome all(Mail mail, Attempt attempt, Delays times) {
    return new TaskOutcome(
        mail,
        mail.recipients().stream()
            .map(recipient -> RecipientResult.of(recipient, attempt))
            .toList(),
        times,
        true);
  }

  /// The same outcome for `original`, when this one is for a copy of it with other addresses.
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

  /// The same outcome of a task that has not been tried.
  public TaskOutcome untried() {
    return new TaskOutcome(mail, results, times, false, onward);
  }
}
