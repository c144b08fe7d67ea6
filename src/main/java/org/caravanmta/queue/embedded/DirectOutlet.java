package org.caravanmta.queue.embedded;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QueueFull;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.queue.spi.Send;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// An outlet to the broker in this process: the caller's thread puts the frame into the journal's
/// buffer, and the journal's tells when it is on the disk. What several threads put there at a time
/// shares a sync.
public final class DirectOutlet implements Outlet {
  private final Room room;
  private final Interior interior;
  private final Topology topology;
  private final Set<Send> unconfirmed = ConcurrentHashMap.newKeySet();
  private volatile int ensured;
  private volatile boolean closed;

  public DirectOutlet(Room room, Interior interior, Topology topology) {
    this.room = room;
    this.interior = interior;
    this.topology = topology;
  }

  @Override
  public void send(Send send) {
    if (room.full()) {
      send.over(new QueueFull("the broker's disk is nearly full"));
      return;
    }
    unconfirmed.add(send);
    if (closed) {
      end(send, new QueueUnavailable("this Caravan is stopping"));
      return;
    }
    try {
      if (ensured != topology.version()) {
        ensured = interior.ensure(topology);
      }
      var context = interior.context();
      interior.route(send.frame.message(interior.number()), null, context);
      context.executeOnCompletion(
          new IOCallback() {
            @Override
            public void done() {
              end(send, null);
            }

            @Override
            public void onError(int code, String message) {
              end(
                  send,
                  Outlet.unavailable(
                      new ActiveMQException(ActiveMQExceptionType.getType(code), message)));
            }
          });
    } catch (ActiveMQException | RuntimeException e) {
      end(send, Outlet.unavailable(e));
    }
  }

  @Override
  public void expire(Duration patience) {
    long now = System.nanoTime();
    for (Send send : unconfirmed) {
      if (now - send.since > patience.toNanos()) {
        end(send, new QueueUnavailable("the broker has not confirmed within " + patience));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    unconfirmed.forEach(send -> end(send, new QueueUnavailable("this Caravan is stopping")));
  }

  private void end(Send send, @Nullable Throwable failure) {
    unconfirmed.remove(send);
    send.over(failure);
  }
}
