package org.caravanmta.queue.spi;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.jspecify.annotations.Nullable;

/// One frame on its way to the broker, from a thread that must not wait.
public final class Send {
  /// Makes the message on the session that will send it.
  public interface Shape {
    ClientMessage message(ClientSession session);
  }

  public final Frame frame;
  public final Shape shape;
  public final long since = System.nanoTime();
  private final Consumer<@Nullable Throwable> done;
  private final AtomicBoolean over = new AtomicBoolean();

  /// @param done told once: null when the broker has it, else why it may not
  public Send(Frame frame, Consumer<@Nullable Throwable> done) {
    this(frame, frame::message, done);
  }

  /// @param shape what the frame becomes on a session
  public Send(Frame frame, Shape shape, Consumer<@Nullable Throwable> done) {
    this.frame = frame;
    this.shape = shape;
    this.done = done;
  }

  public void over(@Nullable Throwable failure) {
    if (over.compareAndSet(false, true)) {
      done.accept(failure);
    }
  }
}
