package org.caravanmta.filter.rspamd;

import java.util.Optional;

/// What rspamd is told besides the message.
///
/// @param settingsId which of its settings count (`Settings-ID`); absent for those that it chooses
/// @param password for a worker that wants one
/// @param spamField the field that marks what rspamd takes for spam (`add header`), with the value
///   `Yes`
public record RspamdTerms(
    Optional<String> settingsId, Optional<String> password, String spamField) {
  /// As rspamd's own milter does it.
  public static final RspamdTerms USUAL =
      new RspamdTerms(Optional.empty(), Optional.empty(), "X-Spam");
}
