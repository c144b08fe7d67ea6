package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class QueueIdsTest {
  @Test
  void noTwoAreAlikeEvenInOneMicrosecond() {
    var ids = new QueueIds(() -> Instant.parse("2026-11-23T10:00:00Z"), 7);
    var seen = new HashSet<String>();

    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(ids.next())).isTrue();
    }
    assertThat(seen).allMatch(id -> id.matches("[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{16}"));
  }

  @Test
  void laterOnesSortLater() {
    var now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    var ids = new QueueIds(now::get, 1);
    String first = ids.next();
    now.set(now.get().plusNanos(1_000));
    String second = ids.next();
    now.set(now.get().plusSeconds(1));

    assertThat(second).isGreaterThan(first);
    assertThat(ids.next()).isGreaterThan(second);
  }
}
