package org.caravanmta.policy;

import java.util.Optional;
import org.caravanmta.smtp.Reply;

/// Deferrals that have been noted on the way (postfix `access(5)`); of each kind the first counts.
///
/// @param ifPermit takes effect if nothing rejects the case
/// @param ifReject takes a rejection's place
public record Deferrals(Optional<Reply> ifPermit, Optional<Reply> ifReject) {
  static final Deferrals NONE = new Deferrals(Optional.empty(), Optional.empty());

  Deferrals ifPermit(Reply reply) {
    return ifPermit.isPresent() ? this : new Deferrals(Optional.of(reply), ifReject);
  }

  Deferrals ifReject(Reply reply) {
    return ifReject.isPresent() ? this : new Deferrals(ifPermit, Optional.of(reply));
  }
}
