package org.caravanmta.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where stages tell what has happened. Each event is counted, then logged, then given to those who
/// listen, within the call: what a line says stands in the log before its stage's next step.
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final List<Consumer<? super Event>> LISTENERS = new CopyOnWriteArrayList<>();

  private Events() {}

  public static void tell(Event event) {
    EventCounters.count(event);
    EventLog.write(event);
    for (Consumer<? super Event> listener : LISTENERS) {
      hear(listener, event);
    }
  }

  /// Nobody's listening changes what becomes of mail.
  private static void hear(Consumer<? super Event> listener, Event event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("an event was not heard: {}", event.getClass().getSimpleName(), e);
    }
  }

  /// Every event of this process from now on, until what this returns is closed.
  ///
  /// @param listener is called on the thread where it happens, which may be an event loop's: it
  ///   must not wait
  public static Listening listen(Consumer<? super Event> listener) {
    LISTENERS.add(listener);
    return () -> LISTENERS.remove(listener);
  }

  /// Ends when it is closed.
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
