package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CirclesTest {
  @Test
  void circlesAreFoundAndChainsAreNot() {
    assertThat(
            Circles.of(
                Map.of(
                    "a", Set.of("b"),
                    "b", Set.of("c", "x"),
                    "c", Set.of("a"),
                    "x", Set.of("y"),
                    "y", Set.of("z"),
                    "z", Set.of("y"))))
        .containsExactlyInAnyOrder(Set.of("a", "b", "c"), Set.of("y", "z"));
  }

  @Test
  void aClassThatNamesItselfIsNoCircle() {
    assertThat(Circles.of(Map.of("a", Set.of("a", "b")))).isEmpty();
  }
}
