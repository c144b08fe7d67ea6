package org.caravanmta.port;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The file descriptors of this process (`ulimit -n`).
public final class Descriptors {
  /// What the libraries, queues, logs, tables and databases of a server have open, and what
  /// deliveries, the control port and the metrics port need at the same time.
  private static final int RESERVE = 256;

  /// A session has its socket, and may have a file for content that is coming.
  private static final int OF_A_SESSION = 2;

  /// Fewer than this are of no use; a limit below it is the operator's own risk.
  private static final int FEWEST = 16;

  private Descriptors() {}

  /// How many sessions there are descriptors for.
  public static int sessions() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? sessions(system.getMaxFileDescriptorCount())
        : Integer.MAX_VALUE;
  }

  static int sessions(long descriptors) {
    return (int)
        Math.clamp((descriptors - RESERVE) / OF_A_SESSION, (long) FEWEST, Integer.MAX_VALUE);
  }
}
