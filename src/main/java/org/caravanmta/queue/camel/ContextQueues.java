package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.queue.reader.QueueRuntime;
import org.jspecify.annotations.Nullable;

/// What all queue endpoints of one Camel context share: the readers' runtime, what steps send
/// through between the start of the component and its end, and the stages that are told of a stop
/// before it comes.
final class ContextQueues {
  /// A stage that settles each message on its own.
  interface Forewarned {
    void beginNoMore();
  }

  /// How long a stage that is stopped while the others go on may take to finish what it has begun:
  /// by then most mail servers have given their reply. What is not done is taken again, and may be
  /// delivered twice.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final QueueRuntime runtime;
  private final Set<Forewarned> settling = ConcurrentHashMap.newKeySet();

  private volatile Turnstile turnstile = Turnstile.OPEN;

  /// Absent before the start.
  private volatile @Nullable Sending sending;

  ContextQueues(QueueRuntime runtime) {
    this.runtime = runtime;
  }

  QueueRuntime runtime() {
    return runtime;
  }

  Turnstile turnstile() {
    return turnstile;
  }

  void set(Turnstile asked) {
    turnstile = asked;
  }

  void add(Forewarned stage) {
    settling.add(stage);
  }

  void remove(Forewarned stage) {
    settling.remove(stage);
  }

  /// Tells them.
  void beginNoMore() {
    settling.forEach(Forewarned::beginNoMore);
  }

  void start() {
    sending = new Sending(runtime);
  }

  void stop() {
    Sending open = sending;
    if (open != null) {
      open.close();
    }
  }

  /// @throws IllegalStateException before the start
  Sending sending() {
    Sending open = sending;
    if (open == null) {
      throw new IllegalStateException("the queues are not there yet");
    }
    return open;
  }
}
