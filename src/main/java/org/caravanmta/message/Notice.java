package org.caravanmta.message;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.ReversePath;

/// What the sender is to be told about some recipients of a message; the `report` stage turns it
/// into a delivery status notification (RFC 3464).
///
/// @param mail the message for these recipients alone, each with its reason in {@link
///   Recipient#last}; its reverse path is null only if the postmaster is told
/// @param also notices about other recipients that go into the same report
public record Notice(Action action, Mail mail, List<Notice> also) {
  /// What has happened to the recipients, as in the Action field (RFC 3464 §2.3.3).
  public enum Action {
    /// They have failed for good.
    FAILED,
    /// They are deferred, and the message has waited for some time.
    DELAYED,
    /// They have been delivered to.
    DELIVERED,
    /// The message has gone to a server that sends no reports.
    RELAYED,
    /// They were aliases of several recipients.
    EXPANDED,
    /// Nothing was sent; the class of each reason says whether the recipient could be delivered to
    /// (postfix `sendmail -bv`).
    VERIFIED;

    /// The action by which reports are told apart: everything that went well goes into one report.
    private Action told() {
      return this == RELAYED || this == EXPANDED ? DELIVERED : this;
    }
  }

  public Notice {
    also = List.copyOf(also);
  }

  public Notice(Action action, Mail mail) {
    this(action, mail, List.of());
  }

  public Notice with(Mail changed) {
    return new Notice(action, changed, also);
  }

  /// This notice and those of {@link #also}, each by itself.
  public List<Notice> parts() {
    return Stream.concat(Stream.of(new Notice(action, mail)), also.stream()).toList();
  }

  /// What the notices of one report have in common.
  private record GroupKey(Action told, String id, ReversePath sender, long size) {}

  /// A key that is equal for all notices that may go into one report.
  Object groupKey() {
    return new GroupKey(action.told(), mail.id(), mail.reversePath(), mail.size());
  }

  /// Several notices with the same key as one, with each recipient once for each action.
  static Notice joined(List<Notice> notices) {
    Map<Action, Set<Recipient>> recipients = new EnumMap<>(Action.class);
    for (Notice notice : notices) {
      for (Notice part : notice.parts()) {
        recipients
            .computeIfAbsent(part.action(), _ -> new LinkedHashSet<>())
            .addAll(part.mail().recipients());
      }
    }
    Mail mail = notices.getFirst().mail();
    List<Notice> parts =
        recipients.entrySet().stream()
            .map(part -> new Notice(part.getKey(), mail.with(List.copyOf(part.getValue()))))
            .toList();
    Notice first = parts.getFirst();
    return new Notice(first.action(), first.mail(), parts.subList(1, parts.size()));
  }
}
