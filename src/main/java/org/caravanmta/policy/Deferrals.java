package org.caravanmta.policy;

import java.util.Optional;
import org.caravanmta.smtp.Reply;

/// Deferrals that restrictions have noted for later (postfix `access(5)`: DEFER_IF_PERMIT,
/// DEFER_IF_REJECT). If one is noted several times, the first counts.
///
/// @param ifPermit takes effect if nothing rejects the case
/// @param ifReject takes effect instead of a rejection
public record Deferrals(Optional<Reply> ifPermit, Optional<Reply> ifReject) {
  static final Deferrals NONE = new Deferrals(Optional.empty(), Optional.empty());

  Deferrals ifPermit(Reply reply) {
    return ifPermit.isPresent() ? this : new Deferrals(Optional.of(reply), ifReject);
  }

  Deferrals ifReject(Reply reply) {
    return ifReject.isPresent() ? this : new Deferrals(ifPermit, Optional.of(reply));
  }
}
