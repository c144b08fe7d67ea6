package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What a process and all below it have used (`proc(5)`): processor time in microseconds, that of
/// their children who have ended included; and memory in bytes, pages that several share counted
/// once.
record Usage(long cpuMicros, long memory) {
  private static final Path PROC = Path.of("/proc");

  /// Clock ticks in a second, the same on every Linux of these days.
  private static final long TICK_MICROS = 1_000_000 / 100;

  /// What has been used since then, and the memory of now.
  Usage since(Usage before) {
    return new Usage(cpuMicros - before.cpuMicros, memory);
  }

  Usage and(Usage other) {
    return new Usage(cpuMicros + other.cpuMicros, memory + other.memory);
  }

  private record Stat(long parent, long ticks) {}

  static Usage of(long root) throws IOException {
    Map<Long, Stat> stats = all();
    long ticks = 0;
    long memory = 0;
    for (long pid : below(root, stats)) {
      ticks += stats.get(pid).ticks();
      memory += memory(pid);
    }
    return new Usage(ticks * TICK_MICROS, memory);
  }

  private static Map<Long, Stat> all() throws IOException {
    var stats = new HashMap<Long, Stat>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        try {
          String text = Files.readString(process.resolve("stat"));
          // after the name, which may hold anything
          String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
          long ticks = 0;
          for (int field = 11; field <= 14; field++) {
            ticks += Long.parseLong(fields[field]);
          }
          stats.put(
              Long.valueOf(process.getFileName().toString()),
              new Stat(Long.parseLong(fields[1]), ticks));
        } catch (IOException ended) {
          continue;
        }
      }
    }
    return stats;
  }

  private static Set<Long> below(long root, Map<Long, Stat> stats) {
    var tree = new HashSet<Long>();
    if (stats.containsKey(root)) {
      tree.add(root);
    }
    boolean grew = !tree.isEmpty();
    while (grew) {
      grew = false;
      for (var process : stats.entrySet()) {
        grew |= tree.contains(process.getValue().parent()) && tree.add(process.getKey());
      }
    }
    return tree;
  }

  private static long memory(long pid) throws IOException {
    try {
      for (String line : Files.readAllLines(PROC.resolve(pid + "/smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException ended) {
      // between two looks
    }
    return 0;
  }
}
