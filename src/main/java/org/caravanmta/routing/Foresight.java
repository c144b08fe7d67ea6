package org.caravanmta.routing;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Hop;
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
  private static final String RETRY = "retry:";
  private static final String UNSAID = "Address is undeliverable";

  /// What an operator has to set right; mail waits for it.
  private static final Status MISCONFIGURED = Status.of("4.3.5");

  private final RoutingTable directions;

  public Foresight(RoutingTable directions) {
    this.directions = directions;
  }

  @Override
  public Verdict of(Address given, Address destination, ReversePath sender) {
    return switch (directions.of(destination, sender)) {
      case Direction.Towards(Hop hop) ->
          hop.transport().equals("error") ? refused(given, hop.nextHop()) : Verdict.UNDECIDED;
      case Direction.Postponed(Reason reason) ->
          reason.status().equals(MISCONFIGURED)
              ? Verdict.UNDECIDED
              : new Verdict.Defer(
                  Reply.of(451, "4.3.0", "<" + given + ">: Temporary lookup failure"));
    };
  }

  /// What would become of a recipient (postfix `sendmail -bv`).
  ///
  /// @param destination what is routed
  /// @return of class 2 when a transport would take it
  public Reason prospect(Address destination, ReversePath sender) {
    return switch (directions.of(destination, sender)) {
      case Direction.Postponed(Reason reason) -> reason;
      case Direction.Towards(Hop hop) when hop.transport().equals("error") ->
          switch (refused(destination, hop.nextHop())) {
            case Verdict.Defer(Reply reply) -> reason(reply);
            case Verdict.Reject(Reply reply) -> reason(reply);
            case Verdict other -> throw new IllegalStateException(other.toString());
          };
      case Direction.Towards(Hop hop) ->
          Reason.of(
              "2.1.5", "would go to " + hop.nextHop() + " by the transport " + hop.transport());
    };
  }

  private static Reason reason(Reply reply) {
    return Reason.of(
        reply.status().map(Status::toString).orElse("5.0.0"), String.join(" ", reply.lines()));
  }

  /// @param error `error:5.7.1 text` or `retry:4.3.2 text`
  private static Verdict refused(Address given, String error) {
    boolean retry = error.startsWith(RETRY);
    int digit = retry ? 4 : 5;
    String text = error.substring(error.indexOf(':') + 1).strip();
    String[] words = text.split("\\s+", 2);
    var status = Status.parse(words[0]);
    String why = status.isPresent() ? words.length > 1 ? words[1] : "" : text;
    // an operator's text may hold what the RCPT command gave to a pattern
    String shown =
        "<%s>: Recipient address rejected: %s"
            .formatted(given, why.isEmpty() ? UNSAID : Printable.text(why));
    String code =
        new Status(
                digit, status.map(Status::subject).orElse(1), status.map(Status::detail).orElse(1))
            .toString();
    return retry
        ? new Verdict.Defer(Reply.of(450, code, shown))
        : new Verdict.Reject(Reply.of(550, code, shown));
  }
}
