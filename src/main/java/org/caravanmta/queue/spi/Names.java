package org.caravanmta.queue.spi;

import org.apache.activemq.artemis.api.core.SimpleString;

/// What the queues are called at the broker: by their names, after the prefix (`broker.prefix`)
/// that tells one Caravan's queues from those of others there.
///
/// @param prefix empty for none
public record Names(String prefix) {
  public static final Names BARE = new Names("");

  /// The broker's name for a queue of ours.
  public SimpleString at(String queue) {
    return SimpleString.of(text(queue));
  }

  /// The same as text.
  public String text(String queue) {
    return prefix + queue;
  }

  /// Our name for a queue of the broker's.
  public String ours(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
