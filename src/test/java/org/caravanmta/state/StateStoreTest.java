package org.caravanmta.state;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.restriction.greylist.Greylist;
import org.caravanmta.restriction.greylist.Greylisting;
import org.caravanmta.state.Triplets.Sighting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the greylist needs of a database, of each that we say we run on.
class StateStoreTest {
  @Nested
  class OnEmbeddedH2 extends Contract {
    @TempDir Path directory;

    @Override
    StateStore open() {
      return StateStore.embedded(directory.resolve("state"));
    }

    @Test
    void isWaitedForWhileItOpens() throws Exception {
      Path slow = Files.createDirectory(directory.resolve("slow"));
      try (var file = FileChannel.open(slow.resolve("state.mv.db"), CREATE_NEW, WRITE);
          var opening = Executors.newVirtualThreadPerTaskExecutor()) {
        FileLock lock = file.lock();
        Future<StateStore> opened = opening.submit(() -> StateStore.embedded(slow));
        await().during(Duration.ofMillis(1500)).until(() -> !opened.isDone());
        lock.release();
        try (var store = opened.get()) {
          assertThat(store.isReady()).isTrue();
        }
      }
    }
  }

  @Nested
  class OnPostgreSql extends Contract {
    @Override
    StateStore open() {
      return StateStore.open(Postgres.url(), "postgres", "");
    }
  }

  abstract static class Contract {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Triplet TRIPLET =
        new Triplet("192.0.2.0/24", "ann@far.example", "bob@own.example");

    private StateStore store;
    private Triplets triplets;

    abstract StateStore open();

    @BeforeEach
    void begin() throws Exception {
      store = open();
      triplets = new JdbcTriplets(store);
      try (var connection = store.connection();
          var delete = connection.createStatement()) {
        delete.executeUpdate("delete from triplet");
        delete.executeUpdate("delete from returning_client");
      }
    }

    @AfterEach
    void end() {
      store.close();
    }

    @Test
    void aSightingIsRememberedAcrossRestarts() throws Exception {
      var first = new Sighting(NOON, false, NOON.plus(Duration.ofDays(2)));
      var returned = new Sighting(NOON, true, NOON.plus(Duration.ofDays(35)));
      assertThat(triplets.find(TRIPLET, NOON)).isEmpty();

      triplets.remember(TRIPLET, first);
      assertThat(triplets.find(TRIPLET, NOON)).hasValue(first);
      triplets.remember(TRIPLET, returned);
      assertThat(triplets.find(TRIPLET, NOON)).hasValue(returned);

      store.close();
      store = open();
      triplets = new JdbcTriplets(store);
      assertThat(triplets.find(TRIPLET, NOON)).hasValue(returned);
    }

    @Test
    void anExpiredSightingIsNoSighting() throws Exception {
      triplets.remember(TRIPLET, new Sighting(NOON, false, NOON.plusSeconds(10)));

      assertThat(triplets.find(TRIPLET, NOON.plusSeconds(9))).isPresent();
      assertThat(triplets.find(TRIPLET, NOON.plusSeconds(10))).isEmpty();
    }

    @Test
    void expiredOnesAreForgottenSomeAtATime() throws Exception {
      for (int i = 0; i < 12; i++) {
        triplets.remember(
            new Triplet("192.0.2.0/24", "u" + i, "b"),
            new Sighting(NOON, false, NOON.plusSeconds(i)));
      }

      assertThat(triplets.forgetExpired(NOON.plusSeconds(9), 6)).isEqualTo(6);
      assertThat(triplets.forgetExpired(NOON.plusSeconds(9), 6)).isEqualTo(4);
      assertThat(triplets.find(new Triplet("192.0.2.0/24", "u10", "b"), NOON)).isPresent();
    }

    @Test
    void addressesMayBeAsLongAsACommandLineAndInAnyScript() throws Exception {
      var long1 = new Triplet("192.0.2.0/24", "ä".repeat(2000) + "1@x", "b".repeat(2000) + "@y");
      var long2 = new Triplet("192.0.2.0/24", "ä".repeat(2000) + "2@x", "b".repeat(2000) + "@y");
      var sighting = new Sighting(NOON, false, NOON.plusSeconds(60));

      triplets.remember(long1, sighting);
      assertThat(triplets.find(long1, NOON)).hasValue(sighting);
      assertThat(triplets.find(long2, NOON)).isEmpty();
    }

    @Test
    void twoServersMaySeeTheFirstAttemptAtTheSameTime() throws Exception {
      var sighting = new Sighting(NOON, false, NOON.plusSeconds(60));
      var together = new CyclicBarrier(4);
      try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
        var writes = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
          writes.add(
              servers.submit(
                  () -> {
                    together.await();
                    triplets.remember(TRIPLET, sighting);
                    return true;
                  }));
        }
        for (Future<?> write : writes) {
          write.get();
        }
      }
      assertThat(triplets.find(TRIPLET, NOON)).hasValue(sighting);
    }

    @Test
    void returnsAreCountedAcrossRestartsUntilTheyExpire() throws Exception {
      String network = "2001:db8:ffff:ffff::/64";
      triplets.returns().count(network, NOON, NOON.plusSeconds(60));
      triplets.returns().count(network, NOON.plusSeconds(59), NOON.plusSeconds(100));

      store.close();
      store = open();
      ReturningClients returns = new JdbcTriplets(store).returns();
      assertThat(returns.find(network, NOON))
          .hasValue(new ReturningClients.Known(2, NOON.plusSeconds(100)));
      returns.keep(network, NOON.plusSeconds(200));
      assertThat(returns.find(network, NOON.plusSeconds(199)).orElseThrow().times()).isEqualTo(2);
      assertThat(returns.find(network, NOON.plusSeconds(200))).isEmpty();
      returns.count(network, NOON.plusSeconds(200), NOON.plusSeconds(300));
      assertThat(returns.find(network, NOON.plusSeconds(200)).orElseThrow().times())
          .as("what has expired begins anew")
          .isEqualTo(1);
      assertThat(returns.forgetExpired(NOON.plusSeconds(299), 10)).isZero();
      assertThat(returns.forgetExpired(NOON.plusSeconds(300), 10)).isEqualTo(1);
    }

    @Test
    void serversCountTheSameClientTogether() throws Exception {
      var together = new CyclicBarrier(4);
      try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
        var counts = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
          counts.add(
              servers.submit(
                  () -> {
                    together.await();
                    triplets.returns().count("192.0.2.0/24", NOON, NOON.plusSeconds(60));
                    return true;
                  }));
        }
        for (Future<?> count : counts) {
          count.get();
        }
      }
      assertThat(triplets.returns().find("192.0.2.0/24", NOON).orElseThrow().times()).isEqualTo(4);
    }

    @Test
    void aStrangerIsDeferredOnceAndThenKnown() {
      var clock = new HandClock();
      var settings =
          new Greylisting(true, Duration.ofMinutes(1), Duration.ofDays(2), Duration.ofDays(35), 5);
      var greylist = new Greylist(settings, Cases.noExemptions(), triplets, clock);
      Case.Rcpt rcpt = Cases.rcpt(Cases.stranger("192.0.2.9"), "", "bob@own.example").vouchedFor();

      assertThat(greylist.check(rcpt).open()).isFalse();
      clock.turn(Duration.ofMinutes(1));
      assertThat(greylist.check(rcpt).open()).isTrue();
    }
  }

  @Test
  void aDatabaseThatIsAwayDoesNotStopCaravanAndIsSeenToWhenItIsBack() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    var triplet = new Triplet("n", "s", "r");
    try (StateStore store = StateStore.open(url, "postgres", "")) {
      assertThatThrownBy(() -> new JdbcTriplets(store).find(triplet, Instant.EPOCH))
          .isInstanceOf(StateUnavailable.class)
          .hasCauseInstanceOf(SQLException.class);

      try (var _ = new Detour(port, Postgres.port())) {
        await().atMost(Duration.ofSeconds(90)).until(store::isReady);
        assertThat(new JdbcTriplets(store).find(triplet, Instant.EPOCH)).isEmpty();
      }
      assertThatThrownBy(() -> new JdbcTriplets(store).find(triplet, Instant.EPOCH))
          .isInstanceOf(StateUnavailable.class);
    }
  }

  @Test
  void aUrlThatNoDriverKnowsIsRefused() {
    assertThatThrownBy(() -> StateStore.open("postgresql://db.example/caravan", "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url must be a JDBC URL of H2 or PostgreSQL that can be opened,");
  }
}
