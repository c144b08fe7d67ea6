package org.caravanmta.message;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.ReversePath;

/// Something the sender is to be told about some recipients: what the `report` stage makes a
/// delivery status notification of (RFC 3464).
///
/// @param mail the message with only those recipients, each with its reason in {@link
///   Recipient#last}; its reverse path is null only when the postmaster is to be told
/// @param also what befell other recipients in another way and is told in the same report
public record Notice(Action action, Mail mail, List<Notice> also) {
  /// The Action field (RFC 3464 §2.3.3).
  public enum Action {
    FAILED,
    DELAYED,
    DELIVERED,
    RELAYED,
    EXPANDED,
    /// Nothing was sent: who could be delivered to and who could not, by the class of each reason.
    VERIFIED;

    /// The one that stands for all of which one report tells: of what went well there is one.
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

  /// This and {@link #also}, each for itself.
  public List<Notice> parts() {
    return Stream.concat(Stream.of(new Notice(action, mail)), also.stream()).toList();
  }

  /// What one report may tell of: one message, one sender.
  private record Kin(Action told, String id, ReversePath sender, long size) {}

  /// Equal for those that one report may tell of.
  Object kin() {
    return new Kin(action.told(), mail.id(), mail.reversePath(), mail.size());
  }

  /// Several of one kin as one, each recipient once for each thing that befell it.
  static Notice joined(List<Notice> kin) {
    Map<Action, Set<Recipient>> recipients = new EnumMap<>(Action.class);
    for (Notice notice : kin) {
      for (Notice part : notice.parts()) {
        recipients
            .computeIfAbsent(part.action(), _ -> new LinkedHashSet<>())
            .addAll(part.mail().recipients());
      }
    }
    Mail mail = kin.getFirst().mail();
    List<Notice> parts =
        recipients.entrySet().stream()
            .map(part -> new Notice(part.getKey(), mail.with(List.copyOf(part.getValue()))))
            .toList();
    Notice first = parts.getFirst();
    return new Notice(first.action(), first.mail(), parts.subList(1, parts.size()));
  }
}
