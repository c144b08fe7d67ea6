package org.caravanmta.filter.hooks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;

/// Services as tests ask them.
final class Hooks {
  static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30));

  private Hooks() {}

  static HooksTerms terms(HooksStage... stages) {
    Set<HooksStage> all =
        stages.length == 0
            ? EnumSet.allOf(HooksStage.class)
            : EnumSet.copyOf(Arrays.asList(stages));
    return new HooksTerms(
        "mx.example.com", Optional.of(ScriptedService.TOKEN), all, Optional.empty());
  }

  static HooksService at(String url, HooksStage... stages) {
    return new HooksService(url, terms(stages), PATIENCE, CLOCK);
  }

  /// What follows if a service that is asked about a message answers with this.
  static FilterAnswer answer(String json, Examined letter) throws IOException {
    try (var service = new ScriptedService().then(ScriptedService.Answer.of(200, json));
        var filter = new HooksFilter(at(service.url(), HooksStage.DATA))) {
      return filter.examine(letter);
    }
  }
}
