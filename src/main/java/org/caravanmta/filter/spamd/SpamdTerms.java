package org.caravanmta.filter.spamd;

import java.util.Optional;
import java.util.OptionalDouble;

/// What spamd is asked, and what follows from its answer.
///
/// @param sizeLimit messages of more bytes are not shown to it
/// @param user whose preferences count (SPAMC's `User:`); absent for the daemon's own
/// @param refuseAt the score from which on a message is refused; absent if none is
public record SpamdTerms(
    Command command, long sizeLimit, Optional<String> user, OptionalDouble refuseAt) {
  /// What spamd does with a message.
  public enum Command {
    /// Says its score.
    CHECK,
    /// Says its score, and makes its header section anew.
    HEADERS,
    /// Says its score, and makes all of it anew.
    PROCESS
  }
}
