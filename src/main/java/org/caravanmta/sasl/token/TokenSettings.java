package org.caravanmta.sasl.token;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// The keys of the section `delivery.sasl` for access tokens.
///
/// @param tokens each a line that {@link TokenLine} reads
/// @param expiryWarning how long before something expires that only the operator can renew the
///   operator is told
public record TokenSettings(List<String> tokens, Duration expiryWarning) {
  public TokenSettings {
    tokens = List.copyOf(tokens);
    var names = new HashSet<String>();
    for (String token : tokens) {
      try {
        if (!names.add(TokenLine.parse(token).name())) {
          throw new IllegalArgumentException("each name only once");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("tokens must have " + e.getMessage(), e);
      }
    }
  }
}
