package org.caravanmta.queue.admin;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Lanes;

/// What the operator can have done to messages (postfix `postsuper(1)`).
public enum Deed {
  /// Set aside until released (`postsuper -h`).
  HOLD(Queues.HOLD),

  /// Given back, from `hold` to routing, from `dead` to the stage it came from (`postsuper -H`).
  RELEASE(Queues.ROUTING),

  /// Tried now (`postqueue -f`).
  FLUSH(Queues.ROUTING),

  /// Removed for good; nobody is told (`postsuper -d`).
  DELETE(""),

  /// Returned to the sender, as if its lifetime had ended (`postsuper -f`).
  BOUNCE(Queues.FORCE_EXPIRED),

  /// Made a new message, whose addresses are rewritten and whose content is checked once more
  /// (`postsuper -r`).
  REQUEUE(Queues.REQUEUE),

  /// Sent by another transport or to another next hop, now and in later attempts.
  REROUTE(Queues.ROUTING);

  private final String target;

  /// @param target the queue that messages go to; empty for none
  Deed(String target) {
    this.target = target;
  }

  /// As the command line names it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is none of this name
  static Deed named(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no verb \"" + word + "\""));
  }

  /// The queue that a message of this queue goes to; empty for none.
  String target(String from) {
    return this == REROUTE && from.equals(Queues.HOLD) ? Queues.HOLD : target;
  }

  /// The same where lanes are read: what is to be tried now goes by way of the reader of the first,
  /// since a backlog at once before routing would have new mail wait for all of it.
  String target(String from, Lanes lanes) {
    return this == FLUSH
        ? lanes.first().filter(first -> !first.equals(from)).orElse(target)
        : target(from);
  }

  /// Whether it is done already to what lies there, and soon seen: what a flush has moved to the
  /// first of the lanes.
  boolean isUnderWay(QueueEntry entry, Lanes lanes) {
    return this == FLUSH
        && entry.wasMoved()
        && lanes.first().filter(entry.queue()::equals).isPresent();
  }

  /// Queues in an order in which what it moves is not met again: the first of the lanes before
  /// others.
  List<String> ordered(List<String> queues, Lanes lanes) {
    Optional<String> first = this == FLUSH ? lanes.first() : Optional.empty();
    return queues.stream()
        .sorted(Comparator.comparing(queue -> first.filter(queue::equals).isEmpty()))
        .toList();
  }

  /// Whether it can be done to the messages of a queue.
  boolean fits(String queue) {
    return switch (this) {
      case HOLD -> Selection.canBeHeld(queue);
      case RELEASE -> queue.equals(Queues.HOLD) || queue.equals(Queues.DEAD);
      case FLUSH -> Queues.isDeferred(queue);
      case DELETE -> !queue.equals(Queues.OPERATOR);
      case BOUNCE, REQUEUE, REROUTE -> Selection.canBeHeld(queue) || queue.equals(Queues.HOLD);
    };
  }
}
