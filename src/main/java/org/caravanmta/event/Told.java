package org.caravanmta.event;

import java.util.LinkedHashSet;
import java.util.Set;
import org.caravanmta.message.Client;

/// What has been said already of what becomes of a message or a command, by a check or a content
/// filter: it is not said a second time, and what counts the lines would count twice.
final class Told {
  /// The session asks within the same dialogue.
  private static final int MOST = 10_000;

  private static final Set<String> IDS = new LinkedHashSet<>();

  private Told() {}

  /// What a content filter has decided at a step of a dialogue.
  ///
  /// @param id the message's; empty if it has none yet
  /// @param step `RCPT`
  static String key(String id, String step, Client client) {
    String of =
        switch (step) {
          case "EHLO" -> "HELO";
          case "BDAT" -> "DATA";
          default -> step;
        };
    return of + " " + (id.isEmpty() ? client.address() + " " + client.port() : id);
  }

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
