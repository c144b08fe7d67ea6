package org.caravanmta.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Which processors a process may run on (`sched_setaffinity(2)`).
final class Affinity {
  /// Of a processor, in percent: what is left is for what is not limited.
  private static final int MOST = 80;

  private Affinity() {}

  /// Whether so many processes have room on one processor, and there is another one for the rest.
  ///
  /// @param percent that each of them has of it
  static boolean fitsOne(int processes, int percent, int processors) {
    return processors > 1 && processes * percent <= MOST;
  }

  /// Has these, with all their threads, run on the first processor only: they take turns there, and
  /// none is slower because another runs on the other half of its core.
  ///
  /// @throws IOException if they cannot be made to
  static void together(List<Peer> peers) throws IOException {
    for (Peer peer : peers) {
      set(peer, "0");
    }
  }

  private static void set(Peer peer, String processors) throws IOException {
    String pid = String.valueOf(peer.process().pid());
    Process set =
        new ProcessBuilder("taskset", "-a", "-c", "-p", processors, pid)
            .redirectErrorStream(true)
            .start();
    String said = new String(set.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (set.waitFor() != 0) {
        throw new IOException("taskset: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended", e);
    }
  }
}
