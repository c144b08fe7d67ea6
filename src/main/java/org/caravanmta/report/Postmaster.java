package org.caravanmta.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;

/// Who else is told of reports (RFC 5321 §4.5.5 leaves the problems of reports to people; postfix
/// `notify_classes`): with whose mail something is wrong, or that nobody could be told of it.
///
/// @param told who is told of what; absent: nobody
/// @param sender from whom: what cannot be delivered of it is told to nobody
public record Postmaster(Map<Concern, Address> told, Address sender) {
  /// What there is to tell of.
  public enum Concern {
    /// A report of failure, with the header section of the message (postfix `bounce`).
    BOUNCE("Postmaster Copy: Undelivered Mail"),
    /// A failed message with the null reverse path, whole (postfix `2bounce`).
    DOUBLE_BOUNCE("Postmaster Copy: Undelivered Mail"),
    /// A report of delay, with the header section of the message (postfix `delay`).
    DELAY("Postmaster Warning: Delayed Mail");

    private final String subject;

    Concern(String subject) {
      this.subject = subject;
    }

    String subject() {
      return subject;
    }
  }

  public Postmaster {
    told = Map.copyOf(told);
  }

  /// @param origin completes the addresses of the settings
  static Postmaster of(NoticeSettings own, Origin origin) {
    var told = new EnumMap<Concern, Address>(Concern.class);
    List<String> classes = own.classes();
    if (classes.contains("bounce")) {
      told.put(Concern.BOUNCE, origin.complete(own.bounceRecipient()));
    }
    // as Postfix has it, bounce is 2bounce too
    if (classes.contains("bounce") || classes.contains("2bounce")) {
      told.put(Concern.DOUBLE_BOUNCE, origin.complete(own.doubleBounceRecipient()));
    }
    if (classes.contains("delay")) {
      told.put(Concern.DELAY, origin.complete(own.delayRecipient()));
    }
    return new Postmaster(told, new Address("double-bounce", origin.domain()));
  }

  Optional<Address> of(Concern concern) {
    return Optional.ofNullable(told.get(concern));
  }

  /// Whether a message is one of those to the postmaster.
  boolean wrote(ReversePath path) {
    return path instanceof ReversePath.Mailbox(Address address)
        && address.key().equals(sender.key());
  }
}
