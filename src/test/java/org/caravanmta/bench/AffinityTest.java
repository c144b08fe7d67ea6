package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AffinityTest {
  @Test
  void threeQuartersOfAProcessorFitOneIfThereIsAnother() {
    assertThat(Affinity.fitsOne(3, 25, 2)).isTrue();
    assertThat(Affinity.fitsOne(3, 25, 1)).isFalse();
    assertThat(Affinity.fitsOne(3, 50, 8)).isFalse();
  }
}
