package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;

/// What one delivery task came to.
///
/// @param results one for each recipient of `mail`, in their order
/// @param tried whether it was an attempt: a task that was turned away because too many wait for
///   its destination has not been tried, and waits the shortest time again
public record Outcome(Mail mail, List<Result> results, Times times, boolean tried) {
  public Outcome {
    results = List.copyOf(results);
  }

  /// The same attempt for every recipient.
  static Outcome all(Mail mail, Attempt attempt, Times times) {
    return new Outcome(
        mail,
        mail.recipients().stream().map(recipient -> Result.of(recipient, attempt)).toList(),
        times,
        true);
  }

  /// The same for the message that this one was made of.
  Outcome of(Mail original) {
    if (original == mail) {
      return this;
    }
    var ofOriginal = new ArrayList<Result>();
    for (int i = 0; i < results.size(); i++) {
      ofOriginal.add(results.get(i).of(original.recipients().get(i)));
    }
    return new Outcome(original, ofOriginal, times, tried);
  }

  Outcome untried() {
    return new Outcome(mail, results, times, false);
  }
}
