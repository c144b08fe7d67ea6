package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.ARRIVED;
import static org.caravanmta.queue.Letters.due;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Picked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lanes of deferred mail.
class HeldTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private final Depot.Clock clock = new Depot.Clock();

  private Depot depot() throws Exception {
    return Depot.at(directory, clock)
        .route(to -> to.from("artemis:deferred.*?held=true").routeId("retry").to("artemis:routing"))
        .start();
  }

  @Test
  void eachLetterGoesToRoutingWhenItIsDueAndNotBefore() throws Exception {
    try (var depot = depot()) {
      depot.keep("deferred.1m", due("first", ARRIVED, ARRIVED.plus(MINUTE)));
      depot.keep("deferred.1m", due("second", ARRIVED, ARRIVED.plus(MINUTE.multipliedBy(2))));
      depot.keep("deferred.1h", due("hour", ARRIVED, ARRIVED.plus(Duration.ofHours(1))));
      clock.pass(Duration.ofSeconds(59));
      depot.runtime.lanes().wake();
      assertThat(depot.depth("routing")).isZero();

      clock.pass(Duration.ofSeconds(1));
      depot.runtime.lanes().wake();
      depot.awaitDepth("routing", 1);
      assertThat(depot.waitingIds("routing")).containsExactly("first");

      clock.pass(MINUTE);
      depot.runtime.lanes().wake();
      depot.awaitDepth("routing", 2);

      clock.pass(Duration.ofHours(1));
      depot.runtime.lanes().wake();
      depot.awaitDepth("routing", 3);
      assertThat(depot.waitingIds("routing")).containsExactly("first", "second", "hour");
      depot.awaitDepth("deferred.1m", 0);
    }
  }

  @Test
  void whatIsDeferredIsAsOldAsItIsSinceItCameWhoeverHoldsIt() throws Exception {
    try (var depot = depot()) {
      clock.pass(Duration.ofHours(3));
      var now = clock.instant();
      depot.keep("deferred.1h", due("young", now, now.plus(Duration.ofMinutes(50))));
      depot.keep("deferred.1h", due("old", ARRIVED, now.plus(Duration.ofHours(1))));
      clock.pass(Duration.ofSeconds(30));
      var oldest = depot.registry.get("caravan_queue_oldest_seconds").tag("queue", "deferred.1h");
      await().untilAsserted(() -> assertThat(oldest.gauge().value()).isEqualTo(3 * 60 * 60 + 30));
    }
  }

  @Test
  void aClockThatIsSetForwardIsSeenWithoutBeingTold() throws Exception {
    try (var depot = depot()) {
      depot.keep("deferred.1h", due("hour", ARRIVED, ARRIVED.plus(Duration.ofHours(1))));
      clock.pass(Duration.ofHours(1));
      depot.awaitDepth("routing", 1);
    }
  }

  @Test
  void aFlushReleasesWhatWaitsAndNotWhatComesLater() throws Exception {
    try (var depot = depot()) {
      for (int i = 0; i < 100; i++) {
        depot.keep("deferred.1h", due("early" + i, ARRIVED, ARRIVED.plus(Duration.ofHours(1))));
      }
      clock.pass(MINUTE);
      depot.runtime.lanes().flush();
      depot.awaitDepth("routing", 100);

      clock.pass(MINUTE);
      depot.keep(
          "deferred.1h", due("later", clock.instant(), clock.instant().plus(Duration.ofHours(1))));
      depot.runtime.lanes().wake();
      assertThat(depot.depth("deferred.1h")).isEqualTo(1);
      assertThat(depot.depth("routing")).isEqualTo(100);
    }
  }

  @Test
  void whatTheOperatorHasMovedToALaneIsDueAtOnce() throws Exception {
    try (var depot = Depot.at(directory, clock)) {
      depot.component.setLanes(Map.of("deferred.1m", MINUTE, "deferred.1h", Duration.ofHours(1)));
      depot.route(to -> to.from("artemis:deferred.*?held=true").to("artemis:routing"));
      assertThat(depot.runtime.lanes().first()).as("nobody reads any yet").isEmpty();
      depot.start();
      for (String id : List.of("ready", "meant", "other")) {
        depot.keep("deferred.1h", due(id, ARRIVED, ARRIVED.plus(Duration.ofHours(1))));
      }
      String first = depot.runtime.lanes().first().orElseThrow();
      depot.runtime.lanes().aside(() -> move(depot, "meant", first));

      depot.awaitDepth("routing", 1);
      assertThat(first).isEqualTo("deferred.1m");
      assertThat(depot.waitingIds("routing")).containsExactly("meant");
      assertThat(depot.depth("deferred.1h")).isEqualTo(2);
    }
  }

  private static long move(Depot depot, String id, String lane) throws Exception {
    try (Desk desk = depot.broker().desk()) {
      var picked = new Picked();
      desk.browse(
          "deferred.1h",
          seen -> {
            if (id.equals(seen.properties().get(Frame.ID))) {
              picked.add(seen.number(), new Picked.Item(Optional.of(id), Optional.empty(), 1));
            }
            return true;
          });
      return desk.move("deferred.1h", picked, lane);
    }
  }

  /// As the pace of lanes goes by it: what nobody takes holds up none of them.
  @Test
  void whatRoutingHasYetToDoIsKnown() throws Exception {
    var work = new CountDownLatch(1);
    try (var depot =
        Depot.at(directory, clock)
            .route(to -> to.from("artemis:routing").process(_ -> work.await()))
            .start()) {
      for (int i = 0; i < 5; i++) {
        for (String queue : List.of("routing", "delivery.local", "deferred.1h")) {
          depot.keep(queue, due("letter" + i, ARRIVED, ARRIVED.plus(Duration.ofHours(1))));
        }
      }
      assertThat(depot.broker().untaken()).isEqualTo(5);
      work.countDown();
      await().until(() -> depot.broker().untaken() == 0);
      assertThat(depot.depth("delivery.local")).isEqualTo(5);
    }
  }

  @Test
  void aLaneGoesOnThoughRoutingStandsStill() throws Exception {
    var work = new CountDownLatch(1);
    try (var depot =
        Depot.at(directory, clock)
            .route(to -> to.from("artemis:deferred.*?held=true&batch=16").to("artemis:routing"))
            .route(to -> to.from("artemis:routing").process(_ -> work.await()))
            .start()) {
      for (int i = 0; i < 50; i++) {
        depot.keep("deferred.1m", due("letter" + i, ARRIVED, ARRIVED.plus(MINUTE)));
      }
      clock.pass(MINUTE);
      depot.runtime.lanes().wake();
      depot.awaitDepth("routing", 50);
      work.countDown();
    }
  }

  @Test
  void aDueThatNoLaneCouldHaveGivenKeepsNothingBehindIt() throws Exception {
    try (var depot = Depot.at(directory, clock)) {
      depot.component.setLanes(Map.of("deferred.1m", MINUTE));
      depot.route(to -> to.from("artemis:deferred.*?held=true").to("artemis:routing")).start();
      depot.keep("deferred.1m", due("damaged", ARRIVED, ARRIVED.plus(Duration.ofDays(300))));
      depot.keep("deferred.1m", due("behind", ARRIVED, ARRIVED.plus(MINUTE)));
      depot.awaitDepth("routing", 1);
      assertThat(depot.waitingIds("routing")).containsExactly("damaged");

      clock.pass(MINUTE);
      depot.runtime.lanes().wake();
      depot.awaitDepth("routing", 2);
    }
  }

  @Test
  void aStoppedLaneKeepsItsOrderAndNothingIsBlamed() throws Exception {
    try (var depot = depot()) {
      for (int i = 0; i < 5; i++) {
        depot.keep("deferred.1m", due("letter" + i, ARRIVED, ARRIVED.plus(MINUTE)));
      }
      for (int i = 0; i < QueueReader.MOST_FAILURES + 3; i++) {
        depot.context.getRouteController().stopRoute("retry");
        depot.context.getRouteController().startRoute("retry");
      }
      clock.pass(MINUTE);
      depot.runtime.lanes().wake();
      await().until(() -> depot.depth("routing") == 5);
      assertThat(depot.waitingIds("routing"))
          .containsExactly("letter0", "letter1", "letter2", "letter3", "letter4");
      assertThat(depot.depth("dead")).isZero();
    }
  }
}
