package org.caravanmta.delivery.reply;

import java.time.Duration;

/// What a rule does about a reply. Each is written as its `toString` has it.
public sealed interface ReplyAction {
  /// Holds the destination to something for a time.
  sealed interface Braking extends ReplyAction {}

  /// The destination gets nothing, and its mail waits.
  record Suspend() implements Braking {
    @Override
    public String toString() {
      return "suspend";
    }
  }

  /// @param tasks as many messages at a time as the destination gets at most, each over a
  ///   connection of its own
  record AtMost(int tasks) implements Braking {
    @Override
    public String toString() {
      return "concurrency=" + tasks;
    }
  }

  /// The destination gets half as many messages at a time as are at work now, at least one.
  record Slow() implements Braking {
    @Override
    public String toString() {
      return "slow";
    }
  }

  /// @param times how many messages the destination gets in one `unit`, one after the other with
  ///   the same time between their beginnings
  record Rate(int times, Unit unit) implements Braking {
    /// How long after the beginning of one the next may begin.
    public Duration spacing() {
      return unit.length.dividedBy(times);
    }

    @Override
    public String toString() {
      return "rate=" + times + "/" + unit;
    }
  }

  /// What a rate counts in.
  enum Unit {
    SECOND("s", Duration.ofSeconds(1)),
    MINUTE("m", Duration.ofMinutes(1)),
    HOUR("h", Duration.ofHours(1));

    private final String letter;
    private final Duration length;

    Unit(String letter, Duration length) {
      this.letter = letter;
      this.length = length;
    }

    @Override
    public String toString() {
      return letter;
    }
  }

  /// @param name of the pool of `delivery.sources.pools` that servers of the destination are called
  ///   from
  record Pool(String name) implements Braking {
    @Override
    public String toString() {
      return "pool=" + name;
    }
  }

  /// A refusal for good is one for now: the message is tried again.
  record Defer() implements ReplyAction {
    @Override
    public String toString() {
      return "defer";
    }
  }

  /// A refusal for now is one for good: the recipient has failed.
  record Fail() implements ReplyAction {
    @Override
    public String toString() {
      return "fail";
    }
  }
}
