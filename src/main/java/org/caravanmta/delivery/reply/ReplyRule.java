package org.caravanmta.delivery.reply;

import java.time.Duration;
import java.util.List;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.queue.selector.Glob;
import org.caravanmta.table.PatternLine;

/// A rule for replies.
///
/// @param line its pattern and where it stands
/// @param time for how long its actions hold that brake
/// @param at the names of next hops or servers that it is for; none for all
public record ReplyRule(PatternLine line, List<ReplyAction> actions, Duration time, List<Glob> at) {
  public ReplyRule {
    actions = List.copyOf(actions);
    at = List.copyOf(at);
  }

  /// Where it stands: `config/replies:3`.
  public String place() {
    return line.place();
  }

  /// @param nextHop in small letters
  /// @param server its name in the DNS
  /// @param reply in one line
  boolean matches(String nextHop, String server, String reply) {
    return (at.isEmpty() || at.stream().anyMatch(it -> it.fits(nextHop) || it.fits(server)))
        && line.matches(reply);
  }

  /// The actions that hold the destination to something.
  public List<ReplyAction.Braking> brakes() {
    return actions.stream()
        .filter(ReplyAction.Braking.class::isInstance)
        .map(ReplyAction.Braking.class::cast)
        .toList();
  }

  /// What a refusal is by this rule; its class is 5 if the recipient has failed, else 4.
  public Reason of(Reason refusal) {
    int digit = refusal.status().digit();
    if (digit == 5 && actions.contains(new ReplyAction.Defer())) {
      return marked(refusal.softened(), "deferred");
    }
    if (digit == 4 && actions.contains(new ReplyAction.Fail())) {
      Status soft = refusal.status();
      return marked(
          new Reason(
              new Status(5, soft.subject(), soft.detail()),
              refusal.text(),
              refusal.remote(),
              refusal.reply()),
          "final");
    }
    return refusal;
  }

  private Reason marked(Reason reason, String as) {
    return new Reason(
        reason.status(),
        reason.text() + " (" + as + " by " + place() + ")",
        reason.remote(),
        reason.reply());
  }
}
