package org.caravanmta.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The index of the quarantine, in each database that we say we run on.
class QuarantineIndexTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static Quarantined entry(String id, int second, String... recipients) {
    return new Quarantined(
        id,
        List.of(recipients),
        "ann@far.example",
        "mx.far.example[192.0.2.9]",
        "Grüße",
        1234,
        "milter inet:127.0.0.1:8891",
        "looks odd",
        OptionalDouble.of(15.2),
        NOON.plusSeconds(second),
        NOON,
        "");
  }

  @Nested
  class OnEmbeddedH2 extends Contract {
    @TempDir Path directory;

    @Override
    StateStore open() {
      return StateStore.embedded(directory.resolve("state"));
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
    private StateOnDemand state;
    private QuarantineIndex index;

    abstract StateStore open();

    @BeforeEach
    void begin() throws Exception {
      state = new StateOnDemand(this::open);
      index = new JdbcQuarantine(state, "");
      index.forget(index.parts().keySet());
    }

    @AfterEach
    void end() {
      state.close();
    }

    private List<Quarantined> all() throws StateUnavailable {
      var all = new ArrayList<Quarantined>();
      index.each(all::add);
      return all;
    }

    @Test
    void theSameMessageTwiceIsOneEntryAndItsPartsAreTwo() throws Exception {
      Quarantined one = entry("4dK1", 1, "kim@own.example", "lee@own.example");
      Quarantined other = entry("4dK1", 0, "pat@own.example");
      index.remember(one);
      index.remember(one);
      index.remember(other);

      assertThat(all()).containsExactly(other, one);
      assertThat(index.count()).isEqualTo(2);
      assertThat(index.parts()).containsEntry(one.part(), "4dK1").hasSize(2);
      index.forget(Set.of(one.part()));
      assertThat(all()).containsExactly(other);
      index.forget(Set.of(other.part()));
      assertThat(all()).isEmpty();
    }

    @Test
    void whatIsLeftOfAPartTakesItsPlaceAndIsToldOfOnce() throws Exception {
      DigestMemory digests = new JdbcDigests(state, "");
      Quarantined whole = entry("4dK1", 1, "kim@own.example", "lee@own.example");
      Quarantined rest = entry("4dK1", 1, "lee@own.example");
      index.remember(whole);
      index.remember(entry("4dK2", 2, "lee@own.example"));
      digests.told(Set.of(whole.part()));
      assertThat(index.of("4dK1")).containsExactly(whole);

      index.replace(whole, Optional.of(rest));
      assertThat(index.of("4dK1")).containsExactly(rest);
      assertThat(digests.untold(10).values()).hasSize(1);
      index.replace(rest, Optional.empty());
      assertThat(index.of("4dK1")).isEmpty();
      assertThat(all()).hasSize(1);
    }

    @Test
    void allServersHaveTheSameSecretWhichIsMadeOnce() throws Exception {
      var together = new CyclicBarrier(4);
      var secrets = new ArrayList<Future<byte[]>>();
      try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 4; i++) {
          secrets.add(
              servers.submit(
                  () -> {
                    together.await();
                    return new JdbcDigests(state, "").secret();
                  }));
        }
      }
      byte[] first = secrets.getFirst().get();
      assertThat(first).hasSize(32);
      for (Future<byte[]> secret : secrets) {
        assertThat(secret.get()).isEqualTo(first);
      }
    }

    @Test
    void whatIsRememberedLastCounts() throws Exception {
      index.remember(entry("4dK1", 1, "kim@own.example"));
      var again =
          new Quarantined(
              "4dK1",
              List.of("kim@own.example"),
              "",
              "unknown[192.0.2.9]",
              "",
              0,
              "clamd unix:/run/clamd",
              "Eicar",
              OptionalDouble.empty(),
              NOON,
              NOON,
              "");
      index.remember(again);
      assertThat(all()).containsExactly(again);
    }

    @Test
    void thereMayBeMoreThanOneAnswerHolds() throws Exception {
      List<Quarantined> many =
          IntStream.range(0, 1203)
              .mapToObj(i -> entry("id" + i, i / 700, "kim@own.example"))
              .toList();
      for (Quarantined each : many) {
        index.remember(each);
      }
      assertThat(all()).containsExactlyInAnyOrderElementsOf(many);
      assertThat(index.parts()).hasSize(1203);
    }

    @Test
    void textsMayBeAsLongAsTheyLikeAndHaveAnythingInThem() throws Exception {
      String awkward = "\0\uD83D😀\u202e'\"\\ß%_" + "é".repeat(5000);
      index.remember(
          new Quarantined(
              "4dK1",
              List.of(awkward + "1@own.example", awkward + "2@own.example"),
              awkward,
              awkward,
              awkward,
              1,
              awkward,
              awkward,
              OptionalDouble.of(Double.MAX_VALUE),
              NOON,
              NOON,
              ""));
      Quarantined kept = all().getFirst();
      assertThat(kept.recipients()).hasSize(2);
      assertThat(kept.subject()).startsWith("??😀\u202e'\"\\ß%_é").hasSizeLessThan(1000);
    }

    @Test
    void whatADigestHasToldOfIsToldOfOnce() throws Exception {
      DigestMemory digests = new JdbcDigests(state, "");
      Quarantined one = entry("one", 1, "kim@own.example");
      Quarantined other = entry("two", 2, "kim@own.example");
      index.remember(one);
      index.remember(other);
      assertThat(digests.untold(10).values()).containsExactly(one, other);

      digests.told(Set.of(one.part()));
      index.remember(one);
      assertThat(digests.untold(10).values()).containsExactly(other);
      assertThat(all()).containsExactly(one, other);
    }

    @Test
    void oneServerClaimsDigestsUntilItIsTakenForEnded() throws Exception {
      DigestMemory digests = new JdbcDigests(state, "");
      Instant last = digests.last(NOON);
      Instant later = NOON.plusSeconds(86_400);
      assertThat(digests.last(later)).isEqualTo(last);

      assertThat(digests.claim(last, later)).isTrue();
      assertThat(digests.claim(last, later.plusSeconds(599))).isFalse();
      assertThat(digests.claim(last, later.plusSeconds(600))).isTrue();
      digests.sent(last, later);
      assertThat(digests.claim(last, later.plusSeconds(9999))).isFalse();
      assertThat(digests.last(later.plusSeconds(1))).isEqualTo(later);
    }

    @Test
    void serversMayNoteTheSameMessageAtTheSameTime() throws Exception {
      var together = new CyclicBarrier(4);
      Quarantined one = entry("4dK1", 1, "kim@own.example");
      try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
        var writes = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
          writes.add(
              servers.submit(
                  () -> {
                    together.await();
                    index.remember(one);
                    return true;
                  }));
        }
        for (Future<?> write : writes) {
          write.get();
        }
      }
      assertThat(all()).containsExactly(one);
    }
  }

  @Test
  void aDatabaseThatCannotBeOpenedIsUnavailable() {
    var state =
        new StateOnDemand(
            () -> {
              throw new IllegalArgumentException("the disk is full");
            });
    assertThat(state.isOpen()).isFalse();
    assertThatThrownBy(() -> new JdbcQuarantine(state, "").count())
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("the disk is full");
  }
}
