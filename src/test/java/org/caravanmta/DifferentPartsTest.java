package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What nodes have that all should have in common.
class DifferentPartsTest {
  private static final List<String> NODES = List.of("n2", "n1", "n3");

  @Test
  void whatIsTheSameEverywhereIsNotNamed() {
    var parts = new DifferentParts();
    for (String node : NODES) {
      parts.add(node, List.of("hostname", "0123abcd"));
    }
    assertThat(parts.rows(NODES)).isEmpty();
  }

  @Test
  void whatDiffersIsNamedWithTheNodesThatHaveTheSame() {
    var parts = new DifferentParts();
    parts.add("n2", List.of("transport", "0123abcd"));
    parts.add("n1", List.of("transport", "a0a0a0a0"));
    parts.add("n3", List.of("transport", "0123abcd"));
    parts.add("n1", List.of("aliases", "0123abcd"));
    assertThat(parts.rows(NODES))
        .containsExactly(
            List.of("aliases", "n2, n3 (none) | n1"), List.of("transport", "n2, n3 | n1"));
  }

  @Test
  void whoHasNotSaidAllIsNotThoughtToLackAnything() {
    var parts = new DifferentParts();
    parts.add("n2", List.of("transport", "0123abcd"));
    parts.add("n1", List.of("transport", "0123abcd"));
    assertThat(parts.rows(List.of("n2", "n1"))).isEmpty();
  }
}
