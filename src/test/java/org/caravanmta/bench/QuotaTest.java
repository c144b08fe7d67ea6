package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final String UNIFIED =
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,relatime 0 0";
  private static final String ACCOUNTS =
      "cgroup /sys/fs/cgroup/cpuacct cgroup rw,relatime,cpuacct 0 0";
  private static final String CPU = "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0";

  @Test
  void theFirstVersionHasADirectoryOfItsOwnForProcessorTime() {
    assertThat(Quota.Place.of(List.of(UNIFIED, ACCOUNTS, CPU)))
        .contains(new Quota.Place(Path.of("/sys/fs/cgroup/cpu"), false));
    assertThat(Quota.Place.of(List.of(CPU.replace(",cpu ", ",cpu,cpuacct "))))
        .contains(new Quota.Place(Path.of("/sys/fs/cgroup/cpu"), false));
  }

  @Test
  void theSecondVersionHasOneForAll() {
    assertThat(Quota.Place.of(List.of("proc /proc proc rw 0 0", UNIFIED)))
        .contains(new Quota.Place(Path.of("/sys/fs/cgroup/unified"), true));
  }

  @Test
  void withoutControlGroupsThereIsNone() {
    assertThat(Quota.Place.of(List.of("proc /proc proc rw 0 0", ACCOUNTS))).isEmpty();
  }
}
