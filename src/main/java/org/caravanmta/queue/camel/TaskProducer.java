package org.caravanmta.queue.camel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.DefaultAsyncProducer;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Send;
import org.jspecify.annotations.Nullable;

/// The step `to: artemis:NAME`: puts the tasks that the body has for NAME on their queues.
///
/// Inside of a stage it leaves them to the {@link Settlement} of the message that the stage has
/// taken. Elsewhere it sends them, and the route goes on when all are on stable storage; the thread
/// that asked never waits.
final class TaskProducer extends DefaultAsyncProducer {
  private final String name;
  private final boolean durable;
  private final ContextQueues queues;

  /// @param name of the queue, or of the family
  /// @param durable whether what is sent survives the broker
  TaskProducer(Endpoint endpoint, String name, boolean durable, ContextQueues queues) {
    super(endpoint);
    this.name = name;
    this.durable = durable;
    this.queues = queues;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      Object body = exchange.getMessage().getBody();
      List<Frame> frames = frames(body);
      if (frames.isEmpty() || settled(exchange, frames)) {
        callback.done(true);
        return true;
      }
      send(
          frames,
          failure -> {
            if (failure != null) {
              exchange.setException(failure);
            } else if (body instanceof Handover handover) {
              exchange.getMessage().setBody(handover.kept(name));
            }
            callback.done(false);
          });
      return false;
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  private List<Frame> frames(@Nullable Object body) {
    var frames = new ArrayList<Frame>();
    for (Task task : tasks(name, body)) {
      if (!Queues.covers(name, task.queue())) {
        throw new IllegalArgumentException(
            "a task for the queue " + task.queue() + " at the step artemis:" + name);
      }
      if (!queues.runtime().topology().knows(task.queue())) {
        throw new IllegalArgumentException("there is no queue " + task.queue());
      }
      frames.add(Frame.of(task, queues.runtime().codecs(), durable));
    }
    return frames;
  }

  private static List<Task> tasks(String name, @Nullable Object body) {
    if (body instanceof Handover handover) {
      return handover.tasks(name);
    }
    if (body == null) {
      throw new IllegalArgumentException("nothing to put on artemis:" + name);
    }
    if (Queues.isFamily(name)) {
      throw new IllegalArgumentException(
          "a " + body.getClass().getName() + " does not say which queue of " + name + " it is for");
    }
    return List.of(new Task(name, body));
  }

  /// Whether the frames leave with the message that the stage has taken.
  private static boolean settled(Exchange exchange, List<Frame> frames) {
    var settlement = exchange.getProperty(Settlement.PROPERTY, Settlement.class);
    return settlement != null && settlement.collect(handled(exchange), frames);
  }

  /// The failure whose route the exchange is on.
  private static @Nullable Throwable handled(Exchange exchange) {
    var handlers =
        exchange.getProperty(ExchangePropertyKey.FATAL_FALLBACK_ERROR_HANDLER, ArrayDeque.class);
    return handlers == null || handlers.isEmpty()
        ? null
        : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
  }

  private void send(List<Frame> frames, Consumer<@Nullable Throwable> done) {
    var left = new AtomicInteger(frames.size());
    var failed = new AtomicReference<@Nullable Throwable>();
    Outlet outlet = queues.sending().outlet();
    for (Frame frame : frames) {
      outlet.send(
          new Send(
              frame,
              failure -> {
                if (failure == null) {
                  queues.runtime().figures().in(frame.queue());
                } else {
                  failed.set(failure);
                }
                if (left.decrementAndGet() == 0) {
                  done.accept(failed.get());
                }
              }));
    }
  }
}
