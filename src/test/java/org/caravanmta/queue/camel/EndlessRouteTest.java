package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.due;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Routes that lead back to where they began.
class EndlessRouteTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"settle=batch", "settle=individual"})
  void aMessageThatTurnsIsSetAsideAndNothingIsLost(String options) throws Exception {
    var turns = new AtomicInteger();
    try (var depot =
        Depot.at(directory)
            .route(
                to ->
                    to.from("artemis:routing?" + options)
                        .process(e -> turns.incrementAndGet())
                        .to("artemis:delivery.smtp"))
            .route(to -> to.from("artemis:delivery.smtp?" + options).toD("artemis:${null}routing"))
            .start()) {
      depot.keep("routing", letter("ring"));
      depot.awaitDepth("dead", 1);
      var dead = depot.browse("dead").getFirst();
      assertThat(dead.id()).isEqualTo("ring");
      assertThat(dead.message().getStringProperty(Frame.WHY)).contains("a route feeds itself");
      assertThat(turns.get()).isEqualTo(RouteStage.MOST_PASSAGES / 2);
      assertThat(depot.depth("routing") + depot.depth("delivery.smtp")).isZero();
      assertThat(depot.registry.counter("caravan_dead").count()).isEqualTo(1);
    }
  }

  /// What has been tried for days has been through many stages, and turns for nobody.
  @Test
  void aWaitInALaneBeginsTheCountAnew() throws Exception {
    var clock = new Depot.Clock();
    try (var depot = Depot.at(directory, clock)) {
      depot.component.setLanes(Map.of("deferred.1m", Duration.ofMinutes(1)));
      depot
          .route(to -> to.from("artemis:report").to("artemis:deferred.1m"))
          .route(to -> to.from("artemis:deferred.*?held=true").to("artemis:routing"))
          .start();
      depot.put(
          "report",
          Depot.CODECS.encode(due("patient", clock.instant(), clock.instant())),
          Map.of(Frame.ID, "patient", Frame.PASSAGES, RouteStage.MOST_PASSAGES - 1));
      depot.awaitDepth("routing", 1);
      assertThat(depot.browse("routing").getFirst().passages()).isZero();
      assertThat(depot.depth("dead")).isZero();
    }
  }
}
