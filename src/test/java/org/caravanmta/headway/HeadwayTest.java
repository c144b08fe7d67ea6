package org.caravanmta.headway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Attempts that may not go on end by themselves.
class HeadwayTest {
  private final AtomicBoolean ours = new AtomicBoolean(true);
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Headway headway = new Headway(System::nanoTime, ours::get);

  @Test
  void theConnectionIsClosedBeforeTheNextStep() {
    headway.grip(() -> open.set(false));
    headway.step(Step.MAIL);
    assertThat(open).isTrue();
    ours.set(false);
    headway.step(Step.END_OF_DATA);
    assertThat(open).isFalse();
    assertThat(headway.isCut()).isTrue();
    assertThat(headway.end()).map(Cut::by).contains(Cut.By.FENCE);
  }

  /// As when a machine has hung while it connected.
  @Test
  void aConnectionThatComesLateIsClosed() {
    ours.set(false);
    headway.step(Step.CONNECT);
    headway.grip(() -> open.set(false));
    assertThat(open).isFalse();
  }

  @Test
  void whatHasEndedStands() {
    assertThat(headway.end()).isEmpty();
    ours.set(false);
    headway.step(Step.CONNECT);
    assertThat(headway.isCut()).isFalse();
  }
}
