package org.caravanmta.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.caravanmta.monitor.Conditions;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.restriction.greylist.Greylist;
import org.caravanmta.restriction.greylist.Greylisting;
import org.caravanmta.state.Triplets.Sighting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A PostgreSQL database that takes connections and statements and never answers, that refuses, and
/// that comes back.
class StateAwayTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /// Reception waits ten seconds for a stage.
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private Detour way;
  private StateOnDemand state;

  @BeforeEach
  void begin() throws Exception {
    way = new Detour(0, Postgres.port());
    String url = Postgres.fresh().replace(":" + Postgres.port() + "/", ":" + way.port() + "/");
    state = new StateOnDemand(() -> StateStore.open(url, "postgres", ""));
  }

  @AfterEach
  void end() throws Exception {
    state.close();
    way.close();
  }

  private Triplets triplets() {
    return new JdbcTriplets(state.store());
  }

  private static Triplet triplet(int number) {
    return new Triplet("192.0.2.0/24", "s" + number, "r");
  }

  /// Everything that asks the database.
  private Stream<ThrowingCallable> questions() {
    var index = new JdbcQuarantine(state, "n1");
    var digests = new JdbcDigests(state, "n1");
    var entry =
        new Quarantined(
            "m1",
            List.of("kim@own.example"),
            "",
            "",
            "",
            1,
            "",
            "",
            OptionalDouble.empty(),
            NOON,
            NOON,
            "");
    var rejected = new RejectedMail("m2", "kim@own.example", "", "", "spam", "", NOON);
    var blocks = new JdbcBlocks(state, () -> true);
    return Stream.of(
        () -> triplets().find(triplet(1), NOON),
        () -> triplets().remember(triplet(1), new Sighting(NOON, false, NOON.plusSeconds(60))),
        () -> triplets().forgetExpired(NOON, 10),
        () -> triplets().returns().find("192.0.2.0/24", NOON),
        () -> triplets().returns().count("192.0.2.0/24", NOON, NOON.plusSeconds(60)),
        () -> index.remember(entry),
        () -> index.replace(entry, Optional.empty()),
        () -> index.forget(Set.of("p")),
        index::count,
        index::parts,
        () -> index.each(_ -> {}),
        () -> index.of("m1"),
        () -> index.adopt("n2", Set.of("m1"), "n1"),
        () -> index.forgetBefore(NOON),
        () -> digests.last(NOON),
        digests::secret,
        () -> digests.claim(NOON, NOON.plusSeconds(1)),
        () -> digests.holds(NOON, NOON),
        () -> digests.told(Set.of("p")),
        () -> digests.untold(10),
        () -> digests.rejected().all(10),
        () -> digests.rejected().note(List.of(rejected), 10),
        () -> digests.rejected().forget(Set.of(1L)),
        () -> digests.rejected().forgetBefore(NOON),
        () -> digests.followed().keep("m1", "link", NOON),
        () -> digests.followed().ours(),
        () -> digests.followed().forget("link"),
        () -> digests.followed().forgetExpired(NOON),
        () -> digests.sent(NOON, NOON),
        blocks::all,
        () -> blocks.add(new BlockedSender("a", "", "me", NOON)),
        () -> blocks.remove("a", ""));
  }

  @Test
  void whoeverAsksOneThatHangsHearsSoSoonHoweverManyAsk() throws Exception {
    assertThat(state.store().isReady()).isTrue();
    // connections are in use, as they are in the middle of the day
    var started = new CountDownLatch(1);
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      way.stop();
      var all = new ArrayList<Future<Duration>>();
      for (int round = 0; round < 5; round++) {
        questions()
            .forEach(
                question ->
                    all.add(
                        askers.submit(
                            (Callable<Duration>)
                                () -> {
                                  started.await();
                                  long begun = System.nanoTime();
                                  assertThat(catchThrowable(question))
                                      .isInstanceOf(StateUnavailable.class);
                                  return Duration.ofNanos(System.nanoTime() - begun);
                                })));
      }
      started.countDown();
      for (Future<Duration> each : all) {
        assertThat(each.get()).isLessThan(PATIENCE);
      }
    }
    way.go();
    await().atMost(Duration.ofSeconds(30)).until(state.store()::isReady);
    for (ThrowingCallable each : questions().toList()) {
      assertThat(catchThrowable(each)).isNull();
    }
  }

  @Test
  void theGreylistDefersNobodyWhileItHangs() {
    var clock = new HandClock();
    var settings =
        new Greylisting(true, Duration.ofMinutes(1), Duration.ofDays(2), Duration.ofDays(35), 5);
    var greylist = new Greylist(settings, Cases.noExemptions(), triplets(), clock);
    Case.Rcpt rcpt = Cases.rcpt(Cases.stranger("192.0.2.9"), "", "bob@own.example").vouchedFor();
    way.stop();
    long begun = System.nanoTime();
    assertThat(greylist.check(rcpt).open()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
    // and leaves it alone for a while
    begun = System.nanoTime();
    assertThat(greylist.check(rcpt).open()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));

    way.go();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              clock.turn(Duration.ofSeconds(5));
              return !greylist.check(rcpt).open();
            });
  }

  @Test
  void oneThatHangsAtTheStartIsToldOfAndSetUpLater() {
    way.stop();
    long begun = System.nanoTime();
    try (var lines = new LogLines("org.caravanmta.monitor.Conditions")) {
      StateStore store = state.store();
      state.watch();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
      await().atMost(PATIENCE).until(() -> !lines.lines().isEmpty());
      assertThat(lines.lines())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("WARN state database: cannot be asked (state.url): ");
      assertThat(Conditions.lines())
          .anyMatch(
              line ->
                  line.startsWith("state database: cannot be asked (state.url): ")
                      && line.endsWith(
                          "until it answers, the greylist defers nobody, what is set aside is noted"
                              + " later, and no digest is sent"));

      way.go();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> lines.lines().contains("INFO state database: well again"));
      assertThat(store.isReady()).isTrue();
      assertThat(Conditions.lines()).noneMatch(line -> line.startsWith("state database"));
    }
  }

  @Test
  void oneThatGoesAwayLaterIsToldOfThoughNobodyAsks() throws Exception {
    assertThat(state.store().isReady()).isTrue();
    state.watch();
    int port = way.port();
    way.close();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Conditions.lines().stream().anyMatch(line -> line.startsWith("state data")));
    way = new Detour(port, Postgres.port());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Conditions.lines().stream().noneMatch(line -> line.startsWith("state data")));
  }
}
