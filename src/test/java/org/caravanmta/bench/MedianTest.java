package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void isInTheMiddle() {
    assertThat(Median.of(DoubleStream.of(3, 1, 20))).isEqualTo(3);
    assertThat(Median.of(DoubleStream.of(4, 1, 20, 3))).isEqualTo(3.5);
    assertThat(Median.of(DoubleStream.of(7))).isEqualTo(7);
  }
}
