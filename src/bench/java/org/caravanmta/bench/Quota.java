package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A control group (`cgroups(7)`) that limits the processor time of the processes in it, of either
/// version: `cpu.max`, or `cpu.cfs_quota_us`.
record Quota(Path group, boolean unified) implements AutoCloseable {
  /// Short, so that a limited process runs slowly and not by jerks: what stands still is not asked
  /// for copies meanwhile.
  private static final int PERIOD_MICROS = 20_000;

  private static final String PROCESSES = "cgroup.procs";

  /// Where groups for processor time can be made.
  ///
  /// @param root where the hierarchy is mounted
  record Place(Path root, boolean unified) {
    /// From the lines of `/proc/mounts`. The first version goes first where both are there: a
    /// controller is of one of them only, and the other one's directory lacks it.
    static Optional<Place> of(List<String> mounts) {
      return mounts.stream()
          .map(line -> line.split(" "))
          .filter(words -> words.length > 3 && words[2].equals("cgroup"))
          .filter(words -> List.of(words[3].split(",")).contains("cpu"))
          .map(words -> new Place(Path.of(words[1]), false))
          .findFirst()
          .or(
              () ->
                  mounts.stream()
                      .map(line -> line.split(" "))
                      .filter(words -> words.length > 3 && words[2].equals("cgroup2"))
                      .map(words -> new Place(Path.of(words[1]), true))
                      .findFirst());
    }

    static Place here() throws IOException {
      return of(Files.readAllLines(Path.of("/proc/mounts")))
          .orElseThrow(() -> new IOException("no control groups are mounted"));
    }

    /// How processes are limited, in a sentence.
    String describe(int percent) {
      return "each node is limited to %d %% of a processor by a control group (%s)"
          .formatted(percent, unified ? "cpu.max" : "cpu.cfs_quota_us");
    }
  }

  /// Limits a process and all that it will start.
  ///
  /// @param percent of one processor
  /// @throws IOException if this system does not let us
  static Quota limit(Place place, Peer peer, int percent) throws IOException {
    if (place.unified()) {
      Files.writeString(place.root().resolve("cgroup.subtree_control"), "+cpu");
    }
    long pid = peer.process().pid();
    Path group = place.root().resolve("caravan-bench-" + pid);
    Files.createDirectory(group);
    var quota = new Quota(group, place.unified());
    boolean done = false;
    try {
      quota.set(percent * PERIOD_MICROS / 100);
      Files.writeString(group.resolve(PROCESSES), String.valueOf(pid));
      done = true;
      return quota;
    } finally {
      if (!done) {
        quota.close();
      }
    }
  }

  private void set(int micros) throws IOException {
    if (unified) {
      Files.writeString(group.resolve("cpu.max"), micros + " " + PERIOD_MICROS);
    } else {
      Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(micros));
    }
  }

  /// Lets its processes go on without a limit.
  @Override
  public void close() throws IOException {
    for (String pid : Files.readAllLines(group.resolve(PROCESSES))) {
      Files.writeString(group.resolveSibling(PROCESSES), pid);
    }
    Files.delete(group);
  }
}
