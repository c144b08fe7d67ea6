package org.caravanmta.filter;

import java.time.Duration;
import org.caravanmta.address.ReversePath;
import org.caravanmta.config.Require;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Queues;

/// The section `filters.after-queue`: what becomes of messages that filters refuse after we have
/// accepted them, and of those about which a filter gives no answer.
///
/// @param refused what becomes of a message that a filter refuses
/// @param patience how long a message waits for a filter that gives no answer, from its arrival on
/// @param failing what becomes of it then: `hold`, `mark`, or the queue of another filter,
///   `filter.NAME`
public record AfterQueueSettings(Refused refused, Duration patience, String failing) {
  /// What becomes of a message that a filter refuses.
  public enum Refused {
    /// It is set aside.
    QUARANTINE,
    /// Its sender gets a report, if he has logged in or is in our own networks; others are not to
    /// be trusted to be who they say they are, and their mail is set aside.
    REPORT,
    /// It is dropped.
    DISCARD;

    /// Whether the message ends with the refusal, and is not set aside.
    boolean ends(Mail mail) {
      return this == DISCARD || this == REPORT && mail.envelope().client().trusted();
    }

    /// Whether nobody is told of a message that ends.
    boolean drops(Mail mail) {
      return this == DISCARD
          || mail.reversePath() instanceof ReversePath.Null
          || mail.recipients().stream().noneMatch(it -> it.wants(Notify.Event.FAILURE, true));
    }
  }

  public AfterQueueSettings {
    Require.positive("patience", patience);
    // as routing.content-filter writes it: filter.NAME:
    failing =
        Queues.isFilter(failing) && failing.endsWith(":")
            ? failing.substring(0, failing.length() - 1)
            : failing;
    if (!failing.equals("hold")
        && !failing.equals("mark")
        && !(Queues.isFilter(failing) && !failing.contains(":"))) {
      throw new IllegalArgumentException(
          "failing must be hold, mark or filter.NAME, was \"" + failing + "\"");
    }
  }
}
