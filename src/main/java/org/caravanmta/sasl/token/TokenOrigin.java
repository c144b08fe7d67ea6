package org.caravanmta.sasl.token;

import java.time.Instant;
import java.util.Optional;

/// Where the tokens of one account come from. For one thread at a time.
interface TokenOrigin {
  /// Gets a token; may wait, for a bounded time.
  ///
  /// @throws TokenTrouble if there is none
  AccessToken fetch(Instant now) throws TokenTrouble;

  /// Changes when the files that it needs do: then it is tried again at once.
  String stamp();

  /// Something that has to be told although there is a token; absent if all is well.
  default Optional<String> worry() {
    return Optional.empty();
  }

  /// Tries again what worried.
  default void mend() {}
}
