package org.caravanmta.event;

import java.util.LinkedHashMap;
import java.util.Map;

/// How many recipients of each message are not settled yet, for the line `removed` that Postfix
/// writes when there are none: parts of one message go their own ways here.
///
/// What it has forgotten, or another process has begun, ends with each of its parts.
final class Remaining {
  private static final int MOST = 100_000;

  private static final Map<String, Integer> COUNTS =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST;
        }
      };

  private Remaining() {}

  /// A message, or a part of it, is on its way for the first time.
  static void begin(String id, int recipients) {
    synchronized (COUNTS) {
      COUNTS.merge(id, recipients, Integer::sum);
    }
  }

  /// @param settled delivered or given up
  /// @param waiting deferred, of the same part
  /// @return whether the message is nowhere any more
  static boolean settle(String id, int settled, int waiting) {
    synchronized (COUNTS) {
      int left = COUNTS.getOrDefault(id, settled + waiting) - settled;
      if (left <= 0) {
        COUNTS.remove(id);
        return true;
      }
      COUNTS.put(id, left);
      return false;
    }
  }
}
