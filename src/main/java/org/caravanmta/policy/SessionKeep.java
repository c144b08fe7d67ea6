package org.caravanmta.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What steps of a route keep for the length of one client's session (RFC 5321 §3.1): a content
/// filter that follows the dialogue has a connection for each session. It is an exchange property
/// of each question, see {@link #PROPERTY}.
public final class SessionKeep implements AutoCloseable {
  /// The exchange property that has it; a question that comes from another process has none.
  public static final String PROPERTY = "CaravanSession";

  /// The session has ended in the meantime, and nobody waits for an answer.
  public static final class Over extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Over() {
      super("the session is over");
    }
  }

  private final Map<Object, AutoCloseable> kept = new HashMap<>();
  private boolean over;

  /// What a step keeps; made when it is first asked for.
  ///
  /// @param begin must not wait
  /// @throws Over when the session is over
  public synchronized <T extends AutoCloseable> T of(
      Object step, Class<T> kind, Supplier<T> begin) {
    if (over) {
      throw new Over();
    }
    return kind.cast(kept.computeIfAbsent(step, _ -> begin.get()));
  }

  /// Whether anything is kept.
  public synchronized boolean isEmpty() {
    return kept.isEmpty();
  }

  /// Closes all that is kept. It may wait for what a step is doing at this moment.
  @Override
  public void close() {
    List<AutoCloseable> all;
    synchronized (this) {
      over = true;
      all = new ArrayList<>(kept.values());
      kept.clear();
    }
    for (AutoCloseable each : all) {
      try {
        each.close();
      } catch (Exception e) {
        // the session is over, and nobody asks any more
      }
    }
  }
}
