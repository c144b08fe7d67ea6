package org.caravanmta.bench;

import java.util.ArrayList;
import java.util.List;

/// The mail a server gets before it is measured. The just-in-time compiler comes to rest after some
/// 50,000 messages only, and compiles in the measured rounds what it has not met before: mail over
/// new connections and over reused ones, and of the size that is measured, for a large body goes to
/// a file. It takes a server without one a tenth of that.
final class WarmUp {
  private static final int FIRST = 10_000;
  private static final int SMALL = 4096;

  private WarmUp() {}

  /// One to each recipient at the same time, by which the greylist gets to know everybody.
  static Load acquaintance() {
    return new Load(Load.PEOPLE, SMALL, 1, Load.PEOPLE, false);
  }

  /// The rounds, of which the first says how a server does that has just started.
  static List<Load> rounds(Options options, Server server) {
    int all = options.warmUp() / (server instanceof Caravan ? 1 : 10);
    return rounds(options.load(), options.warmUpSize(), all);
  }

  /// @param size of the last mail
  /// @param all how many messages
  static List<Load> rounds(Load load, int size, int all) {
    int fresh = all / 5 * 2;
    int first = Math.min(FIRST, fresh);
    var rounds = new ArrayList<Load>();
    add(rounds, first, SMALL, load.sessions(), false);
    add(rounds, fresh - first, SMALL, load.sessions(), false);
    add(rounds, all / 5, SMALL, load.sessions(), true);
    add(rounds, all / 5 * 2, size, load.sessions(), load.reused());
    return rounds;
  }

  private static void add(List<Load> rounds, int count, int size, int sessions, boolean reused) {
    if (count > 0) {
      rounds.add(new Load(count, size, 1, Math.min(sessions, count), reused));
    }
  }
}
