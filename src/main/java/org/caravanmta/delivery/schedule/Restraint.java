package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Something that keeps the next task for a destination from beginning now. Several may do so at a
/// time: each is told.
public sealed interface Restraint {
  /// As many tasks are at work as the window is wide ({@link ConcurrencyWindow}).
  ///
  /// @param size of the window
  /// @param most the widest that it gets
  record Window(int size, int most) implements Restraint {
    @Override
    public String toString() {
      return "window " + size + " of " + most;
    }
  }

  /// As many tasks are at work as this node has places: the other nodes of the cluster have the
  /// rest of the limit.
  ///
  /// @param places that this node has
  /// @param most that all nodes have together
  record OtherNodes(int places, int most) implements Restraint {
    @Override
    public String toString() {
      return "other nodes have " + (most - places) + " of " + most + " places";
    }
  }

  /// It could not be reached, and is left alone for a while.
  ///
  /// @param why it could not
  record Dead(Instant until, String why) implements Restraint {
    @Override
    public String toString() {
      return "dead until " + Restraint.clock(until) + (why.isEmpty() ? "" : ": " + why);
    }
  }

  /// It could not be reached, and one task tries it for all others.
  ///
  /// @param why it could not
  record Probing(String why) implements Restraint {
    @Override
    public String toString() {
      return "one task tries it first" + (why.isEmpty() ? "" : ", since: " + why);
    }
  }

  /// A task has just ended, and the next waits (postfix `default_destination_rate_delay`).
  ///
  /// @param each how long after each
  record RateDelay(Duration each) implements Restraint {
    @Override
    public String toString() {
      return "rate delay " + Restraint.seconds(each);
    }
  }

  /// A task has just begun, and the next waits, as a rule for the destination wants it.
  ///
  /// @param rate how many may begin in what time, `12/s`
  record Rate(String rate) implements Restraint {
    @Override
    public String toString() {
      return "rate " + rate;
    }
  }

  /// The servers have as many connections, or as many messages in a time, as they may have from all
  /// destinations together.
  ///
  /// @param why `4 of 4 connections with mx:*.example.net in use`
  record Servers(String why) implements Restraint {
    @Override
    public String toString() {
      return why;
    }
  }

  /// The transport has just begun a task, for whatever destination, and the next waits (postfix
  /// `default_transport_rate_delay`).
  ///
  /// @param each how long after each
  record TransportRateDelay(Duration each) implements Restraint {
    @Override
    public String toString() {
      return "transport rate delay " + Restraint.seconds(each);
    }
  }

  /// The transport has as many tasks at work for all destinations as it may.
  record Workplaces(String transport, int total) implements Restraint {
    @Override
    public String toString() {
      return "all " + total + " work places of " + transport + " taken";
    }
  }

  /// A server has replied something that a rule of the operator's is about.
  record ByReply(BrakeState brake) implements Restraint {
    @Override
    public String toString() {
      return "%s until %s by %s: %s"
          .formatted(brake.what(), Restraint.clock(brake.until()), brake.rule(), brake.reply());
    }
  }

  /// The operator has suspended it.
  ///
  /// @param author the user who has
  /// @param why in that user's words; may be empty
  record ByOperator(String author, String why) implements Restraint {
    @Override
    public String toString() {
      return "suspended by " + author + (why.isEmpty() ? "" : ": " + why);
    }
  }

  /// Its kind, in one word for programs: `window`, `rate-delay`.
  default String word() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /// A time of day, in UTC as in all lists.
  private static String clock(Instant at) {
    return DateTimeFormatter.ofPattern("HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC).format(at);
  }

  /// A short time in whole seconds, `10s`, or else `250ms`.
  static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
