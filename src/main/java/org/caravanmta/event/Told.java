package org.caravanmta.event;

import java.util.LinkedHashSet;
import java.util.Set;

/// Messages of which `cleanup` has said what became of them: Postfix's `smtpd` says it no second
/// time, and what counts its lines would count twice.
final class Told {
  /// The session asks within the same dialogue.
  private static final int MOST = 10_000;

  private static final Set<String> IDS = new LinkedHashSet<>();

  private Told() {}

  static void note(String id) {
    synchronized (IDS) {
      if (IDS.add(id) && IDS.size() > MOST) {
        IDS.remove(IDS.iterator().next());
      }
    }
  }

  /// Whether it has been told; asked once.
  static boolean already(String id) {
    synchronized (IDS) {
      return IDS.remove(id);
    }
  }
}
