package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a destination of a transport stands at one moment.
///
/// @param nextHop a host or domain in small letters, or the URI of an endpoint without its options
/// @param waiting the tasks in memory that wait for their turn
/// @param atWork the tasks that have their turn
/// @param window how many could have one at a time, were it not for what `restraints` says
/// @param most the widest that the window gets
/// @param allowed how many may have their turn at a time now: none at a dead destination, one at
///   one that is to be tried first
/// @param suspendedUntil until when a dead one is left alone
/// @param why it is dead; empty for one that is not
/// @param probing whether one task is to try it, or tries it, before others may
/// @param rateDelay how long it is left alone after each task; zero for not at all
/// @param restraints what keeps the next task from beginning; none if it would begin at once
public record DestinationState(
    String transport,
    String nextHop,
    int waiting,
    int atWork,
    int window,
    int most,
    int allowed,
    Optional<Instant> suspendedUntil,
    String why,
    boolean probing,
    Duration rateDelay,
    List<Restraint> restraints) {
  public DestinationState {
    restraints = List.copyOf(restraints);
  }

  /// The same by another name.
  public DestinationState named(String other) {
    return new DestinationState(
        transport,
        other,
        waiting,
        atWork,
        window,
        most,
        allowed,
        suspendedUntil,
        why,
        probing,
        rateDelay,
        restraints);
  }
}
