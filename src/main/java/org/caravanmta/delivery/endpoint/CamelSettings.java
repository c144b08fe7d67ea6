package org.caravanmta.delivery.endpoint;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;

/// The section `delivery.camel`: delivery to any Camel endpoint.
///
/// @param timeout how long an endpoint may take for one message
/// @param concurrency messages that one endpoint is given at a time
/// @param endpoints those that are kept open when nothing is sent to them
/// @param failures what failures of endpoints mean, each a {@link FailureRule}
public record CamelSettings(
    Duration timeout, int concurrency, int endpoints, List<String> failures) {
  private static final int MOST = 10_000;

  public CamelSettings {
    Require.positive("timeout", timeout);
    Require.within(MOST, "concurrency", concurrency);
    Require.within(MOST, "endpoints", endpoints);
    failures = List.copyOf(failures);
    for (String rule : failures) {
      try {
        FailureRule.parse(rule);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "failures must be rules: \"" + rule + "\": " + e.getMessage(), e);
      }
    }
  }
}
