package org.caravanmta.cluster.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A lease ends by the clock alone.
class LeaseTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Lease lease = new Lease(now::get);

  @Test
  void isNotHeldBeforeItIsGiven() {
    assertThat(lease.holds()).isFalse();
  }

  /// Also where the clock's number becomes negative.
  @Test
  void endsWithoutBeingTold() {
    lease.extend(now.get() + 10);
    now.addAndGet(9);
    assertThat(lease.holds()).isTrue();
    now.addAndGet(1);
    assertThat(lease.holds()).isFalse();
    now.addAndGet(Long.MAX_VALUE / 2);
    assertThat(lease.holds()).isFalse();
  }

  @Test
  void isNotHeldOnceItWasEnded() {
    lease.extend(now.get() + 10);
    lease.end();
    assertThat(lease.holds()).isFalse();
  }

  @Test
  void whatWasSeenFirstStaysSoUntilThereIsSomethingNewer() {
    var versions = new Versions(now::get);
    long first = versions.see("n1", 7);
    now.addAndGet(3);
    assertThat(versions.see("n1", 7)).isEqualTo(first);
    assertThat(versions.see("n2", 7)).isEqualTo(first + 3);
    assertThat(versions.see("n1", 8)).isEqualTo(first + 3);
  }
}
