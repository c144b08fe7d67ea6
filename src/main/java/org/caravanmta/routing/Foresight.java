package org.caravanmta.routing;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.Verdict;
import org.caravanmta.routing.RoutingTable.Direction;
import org.caravanmta.smtp.Reply;

/// Sees at RCPT TO that a recipient would come to the error transport (RFC 5321 §3.3): because the
/// operator's transport table says so, the user has moved, or there is no such virtual alias.
public final class Foresight implements Deliverability {
  private static final Status REFUSED = Status.of("5.1.1");
  private static final Status DEFERRED = Status.of("4.1.1");

  private final RoutingTable directions;

  public Foresight(RoutingTable directions) {
    this.directions = directions;
  }

  @Override
  public Verdict of(Address given, Address destination, ReversePath sender) {
    return switch (directions.of(destination, sender)) {
      case Direction.Towards(Destination.Fail(var why)) -> new Verdict.Reject(fail(given, why));
      case Direction.Towards(Destination.Retry(var why)) -> new Verdict.Defer(retry(given, why));
      // mail waits for what an operator has to set right
      case Direction.Towards _, Direction.Misconfigured _ -> Verdict.UNDECIDED;
      case Direction.Postponed _ ->
          new Verdict.Defer(Reply.of(451, "4.3.0", "<" + given + ">: Temporary lookup failure"));
    };
  }

  /// What would become of a recipient (postfix `sendmail -bv`).
  ///
  /// @param destination what is routed
  /// @return of class 2 when a transport would take it
  public Reason prospect(Address destination, ReversePath sender) {
    return switch (directions.of(destination, sender)) {
      case Direction.Undecided waits -> waits.reason();
      case Direction.Towards(Destination.Fail(var why)) -> reason(fail(destination, why));
      case Direction.Towards(Destination.Retry(var why)) -> reason(retry(destination, why));
      case Direction.Towards(Destination towards) ->
          Reason.of(
              "2.1.5",
              "would go to " + towards.nextHop() + " by the transport " + towards.transport());
    };
  }

  private static Reason reason(Reply reply) {
    return Reason.of(
        reply.status().map(Status::toString).orElse("5.0.0"), String.join(" ", reply.lines()));
  }

  private static Reply fail(Address given, Destination.Why why) {
    return Reply.of(550, why.status(REFUSED).toString(), shown(given, why));
  }

  private static Reply retry(Address given, Destination.Why why) {
    return Reply.of(450, why.status(DEFERRED).toString(), shown(given, why));
  }

  /// An operator's text may hold what the RCPT command gave to a pattern.
  private static String shown(Address given, Destination.Why why) {
    return "<%s>: Recipient address rejected: %s".formatted(given, Printable.text(why.shown()));
  }
}
