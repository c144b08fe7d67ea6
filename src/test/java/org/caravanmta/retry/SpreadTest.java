package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration LANE = Duration.ofMinutes(5);

  @Test
  void aSingleMessageIsDueWhenItsLaneSays() {
    assertThat(new Spread().due(LANE, NOON)).isEqualTo(NOON.plus(LANE));
  }

  @Test
  void aBurstIsSpreadOverATenthOfTheLane() {
    var spread = new Spread();
    Instant due = NOON;
    for (int i = 0; i <= 1000; i++) {
      due = spread.due(LANE, NOON);
    }
    assertThat(due).isBetween(NOON.plus(LANE).plusSeconds(15), NOON.plus(LANE).plusSeconds(30));
  }

  @Test
  void aLongLaneSpreadsOverAMinute() {
    assertThat(Spread.over(Duration.ofHours(4))).isEqualTo(Duration.ofMinutes(1));
  }

  @Property
  void eachIsDueAfterTheOneBeforeAndWithinTheSpread(
      @ForAll @Size(max = 200) List<@IntRange(max = 20_000) Integer> pauses,
      @ForAll @IntRange(min = 1, max = 14_400) int lane) {
    var spread = new Spread();
    Duration wait = Duration.ofSeconds(lane);
    Instant now = NOON;
    Instant before = NOON;
    for (int pause : pauses) {
      now = now.plusMillis(pause);
      Instant due = spread.due(wait, now);
      assertThat(due).isBetween(now.plus(wait), now.plus(wait).plus(Spread.over(wait)));
      assertThat(due).isAfterOrEqualTo(before);
      before = due;
    }
  }
}
