package org.caravanmta.queue.reader;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The stages of this process that answer questions. With a broker elsewhere a question goes to its
/// own node's stage, and to another's only where there is none here, or it has enough to do:
/// another node may have died.
public final class Answerers {
  /// Told once, on a thread that may be kept.
  public interface Asker {
    /// @param failed what the stage broke on; null if this is an answer
    void answered(byte[] answer, @Nullable String failed);
  }

  /// A stage of this process.
  interface Answerer {
    /// @return false if it has no place for the question now
    boolean answers(byte[] question, Asker asker);
  }

  private final Map<String, Set<Answerer>> stages = new ConcurrentHashMap<>();

  void add(String queue, Answerer stage) {
    stages.computeIfAbsent(queue, _ -> ConcurrentHashMap.newKeySet()).add(stage);
  }

  void remove(String queue, Answerer stage) {
    stages.getOrDefault(queue, Set.of()).remove(stage);
  }

  /// Puts a question to a stage of this process.
  ///
  /// @return false if none has a place for it now: then it is for the queue
  public boolean ask(String queue, byte[] question, Asker asker) {
    for (Answerer stage : stages.getOrDefault(queue, Set.of())) {
      if (stage.answers(question, asker)) {
        return true;
      }
    }
    return false;
  }
}
