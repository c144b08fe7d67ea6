package org.caravanmta.sasl.token;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;

/// The keys of the section `delivery.sasl` for access tokens.
///
/// @param tokens each a line that {@link TokenLine} reads
/// @param expiryWarning how long before something expires that only the operator can renew the
///   operator is told
public record TokenSettings(List<String> tokens, Duration expiryWarning) {
  public TokenSettings {
    tokens = List.copyOf(tokens);
    Require.named("tokens", tokens, line -> TokenLine.parse(line).name());
  }
}
