package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.Optional;
import org.caravanmta.delivery.remote.Servers.Search;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Peer;

/// What a message waits for between its turn at a destination and its call of a server: a place
/// with the group that the server is in, and one among all tasks that talk to a server.
record Seats(Destinations destinations) {
  /// Thrown when there is no place to talk to a server for a long time, or the operator has
  /// suspended where the mail goes meanwhile.
  static final class Unseated extends Exception {
    private static final long serialVersionUID = 1L;

    private Unseated() {
      super("too many tasks are at work", null, false, false);
    }
  }

  /// Thrown when the servers have as many connections, or messages in a time, as they may have.
  static final class Full extends Exception {
    private static final long serialVersionUID = 1L;

    private Full(String why) {
      super(why, null, false, false);
    }

    /// Why the message is deferred.
    Reason reason() {
      return Reason.of("4.4.5", String.valueOf(getMessage()));
    }
  }

  /// Notes which groups the servers of a next hop are in.
  void note(String nextHop, Search.Found found) {
    destinations.note(
        nextHop,
        found.peers().stream()
            .limit(found.best())
            .map(each -> destinations.group(each.host()))
            .toList());
  }

  /// Takes a place with the group that a server is in, and waits until the message may begin there.
  void enter(GroupPlace place, Peer peer) throws Unseated, Full {
    Optional<ServerGroup> group = destinations.group(peer.host());
    try {
      if (!Headway.current().await(Step.TURN, Duration.ZERO, () -> place.at(group))) {
        throw new Full(group.map(ServerGroup::trouble).orElse(""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unseated();
    }
  }

  /// Waits for a place among all tasks that talk to a server.
  Admission.Seat take(Admission.Turn turn) throws Unseated {
    try {
      return Headway.current()
          .await(Step.TURN, Duration.ZERO, turn::seat)
          .orElseThrow(Unseated::new);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unseated();
    }
  }

  /// The same, before a message is tried at any server: there is none if the operator has suspended
  /// where it goes meanwhile.
  Admission.Seat takeFirst(Admission.Turn turn, Mail mail) throws Unseated {
    Admission.Seat seat = take(turn);
    if (destinations.isSuspended(mail)) {
      seat.close();
      throw new Unseated();
    }
    return seat;
  }
}
