package org.caravanmta.delivery.remote;

import java.util.HashMap;
import java.util.Map;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Transfer;

/// Has the operator's rules applied to what servers reply to one attempt. The same refusal of many
/// recipients is one.
final class Hearing {
  private final Admission.Turn turn;
  private final Map<Reason, Reason> heard = new HashMap<>();
  private boolean suspended;

  Hearing(Admission.Turn turn) {
    this.turn = turn;
  }

  /// Whether a rule has suspended the destination: no further server of it gets anything.
  boolean suspended() {
    return suspended;
  }

  /// What a refusal to talk to us at all is by the rules.
  Reason of(Peer peer, Reason refusal) {
    if (refusal.reply().isEmpty()) {
      return refusal;
    }
    return heard.computeIfAbsent(
        refusal,
        _ -> {
          Admission.Heard answer = turn.heard(peer.host(), refusal);
          suspended |= answer.suspended();
          return answer.reason();
        });
  }

  /// What the outcomes of a transaction are by the rules.
  Transfer of(Peer peer, Transfer transfer) {
    return new Transfer(
        transfer.attempts().stream().map(attempt -> of(peer, attempt)).toList(),
        transfer.ending(),
        transfer.excess());
  }

  private Attempt of(Peer peer, Attempt attempt) {
    return switch (attempt) {
      case Attempt.Delivered delivered -> delivered;
      case Attempt.Deferred(Reason reason) -> attempt(of(peer, reason));
      case Attempt.Failed(Reason reason) -> attempt(of(peer, reason));
    };
  }

  private static Attempt attempt(Reason reason) {
    return reason.status().digit() == 5 ? new Attempt.Failed(reason) : new Attempt.Deferred(reason);
  }
}
