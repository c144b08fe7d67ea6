package org.caravanmta.queue.admin;

import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Frame;

/// Conditions on the properties of a queued message, as the broker reads them.
final class BrokerFilter {
  private BrokerFilter() {}

  /// Whether a property has a value, which may be any text.
  static String is(String property, String value) {
    return property + " = '" + value.replace("'", "''") + "'";
  }

  /// What is mail on a queue: only mail has an id, questions to stages do not; on `dead`, all is
  /// meant.
  static String mailOn(String queue) {
    return queue.equals(Queues.DEAD) ? "" : Frame.ID + " IS NOT NULL";
  }
}
