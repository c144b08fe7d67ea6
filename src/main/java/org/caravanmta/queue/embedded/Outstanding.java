package org.caravanmta.queue.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.core.server.MessageReference;

/// The messages that a reader has been given and has not settled, in the order in which they came;
/// and which of them it is at work on. Not thread-safe: whoever has it guards it.
final class Outstanding {
  private final Map<Long, MessageReference> held = new LinkedHashMap<>();
  private final Set<Long> begun = new HashSet<>();

  void add(MessageReference reference) {
    held.put(reference.getMessageID(), reference);
  }

  /// Notes that work on it has begun; false if it is not held.
  boolean begin(MessageReference reference) {
    long number = reference.getMessageID();
    boolean isHeld = held.containsKey(number);
    if (isHeld) {
      begun.add(number);
    }
    return isHeld;
  }

  /// Notes that work on it is over; false if none was under way.
  boolean end(MessageReference reference) {
    return begun.remove(reference.getMessageID());
  }

  /// Lets go of it; false if it is not held.
  boolean settle(MessageReference reference) {
    begun.remove(reference.getMessageID());
    return held.remove(reference.getMessageID()) != null;
  }

  /// Lets go of the message of this number and of all that came before it; of all if it is not
  /// held.
  List<MessageReference> settleUpTo(long last) {
    var settled = new ArrayList<MessageReference>();
    Iterator<MessageReference> all = held.values().iterator();
    boolean more = true;
    while (more && all.hasNext()) {
      MessageReference next = all.next();
      settled.add(next);
      all.remove();
      begun.remove(next.getMessageID());
      more = next.getMessageID() != last;
    }
    return settled;
  }

  /// Those that work has begun on.
  List<MessageReference> begun() {
    return held.values().stream().filter(one -> begun.contains(one.getMessageID())).toList();
  }

  List<MessageReference> all() {
    return List.copyOf(held.values());
  }

  /// Lets go of all of them.
  List<MessageReference> clear() {
    List<MessageReference> all = all();
    held.clear();
    begun.clear();
    return all;
  }
}
