package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.hooks.ScriptedService;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.share.Shares;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.stage.House;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that hears of deliveries, and does not take large messages.
class OutboundServiceTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  @TempDir Path directory;

  private static void hears(OutboundService service, Mail mail) {
    List<RecipientResult> results =
        mail.recipients().stream()
            .map(
                each ->
                    RecipientResult.of(
                        each, new Attempt.Delivered("250 2.0.0 Ok", RecipientResult.NOBODY)))
            .toList();
    service.outcome(
        new TaskOutcome(mail, results, Delays.of(mail.envelope(), NOW, NOW, NOW), true),
        new OutcomeHearing.Plan("deferred.1h", NOW, Optional.empty(), NOW, false),
        new OutcomeHearing.Heard(results, Map.of(), UnaryOperator.identity()));
  }

  /// Whoever sends large messages does not keep the service from hearing of others.
  @Test
  void largeMessagesSayNothingOfTheService() throws Exception {
    InstantSource clock = InstantSource.fixed(NOW);
    var house =
        new House(
            "mx.example.com",
            directory,
            null,
            null,
            ContentStore.open(directory),
            new QueueIds(clock, 1),
            _ -> false,
            Shares.WHOLE,
            clock);
    try (var scripted = new ScriptedService()) {
      scripted.discovery =
          """
          {"version": "1.0", "endpoints": {"registration": "/v1/hooks/register"},
           "serialization": ["json"], "limits": {"maxMessageSize": 1000},
           "capabilities": {"outbound": {"stages": ["delivery"],
             "fetchProperties": ["/stage", "/action", "/envelope", "/rawMessage"]}}}
          """;
      FilterWords words =
          FilterWords.read("http " + scripted.origin() + " token=" + ScriptedService.TOKEN)
              .orElseThrow();
      try (var service = OutboundService.of(words, PATIENCE, house)) {
        for (int i = 0; i < 10; i++) {
          hears(service, Letters.letter("Subject: x\r\n", "x".repeat(1000), "b@example.net"));
        }
        assertThat(scripted.asked).isEmpty();
        hears(service, Letters.to("b@example.net"));
        assertThat(scripted.asked).hasSize(1);
      }
    }
  }
}
