package org.caravanmta.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the servers have run on, in one line.
final class Machine {
  private Machine() {}

  static String describe() throws IOException {
    String cpu = field(Path.of("/proc/cpuinfo"), "model name");
    String memory = field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
    return "%d processors (%s), %d GiB, Linux %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            cpu.isEmpty() ? System.getProperty("os.arch") : cpu,
            Math.round(Long.parseLong(memory) / 1048576.0),
            System.getProperty("os.version").replaceFirst("-.*", ""),
            Runtime.version().feature());
  }

  /// Processes that wanted a processor, on the average of the last minute.
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String field(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("");
  }
}
