package org.caravanmta.queue.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QueueFollower;
import org.caravanmta.queue.spi.QueueFull;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.queue.spi.Send;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// An outlet to the broker in this process: the caller's thread puts the frame into the journal's
/// buffer, and the journal's tells when it is on the disk. What several threads put there at a time
/// shares a sync.
public final class DirectOutlet implements Outlet {
  /// Longer than it takes to find another node that keeps copies.
  static final Duration COPY_PATIENCE = Duration.ofSeconds(5);

  private final Room room;
  private final Interior interior;
  private final Topology topology;
  private final Optional<QueueFollower> follower;

  /// Those that are being copied, with their numbers.
  private final Map<Send, Long> copying = new ConcurrentHashMap<>();

  private final Set<Send> unconfirmed = ConcurrentHashMap.newKeySet();
  private volatile int ensured;
  private volatile boolean closed;

  /// @param follower who makes copies before a frame is put into the journal
  DirectOutlet(Room room, Interior interior, Topology topology, Optional<QueueFollower> follower) {
    this.room = room;
    this.interior = interior;
    this.topology = topology;
    this.follower = follower;
  }

  @Override
  public void send(Send send) {
    if (room.full()) {
      send.over(new QueueFull("the broker's disk is nearly full"));
      return;
    }
    long number = interior.number();
    if (follower.isEmpty() || !send.frame.durable()) {
      store(send, number);
      return;
    }
    copying.put(send, number);
    follower.get().first(number, send.frame, failure -> copied(send, number, failure));
    if (closed) {
      giveUp(send, "this Caravan is stopping");
    }
  }

  private void copied(Send send, long number, @Nullable Throwable failure) {
    if (copying.remove(send) == null) {
      return;
    }
    if (failure == null) {
      store(send, number);
    } else {
      send.over(Outlet.unavailable(failure));
    }
  }

  private void giveUp(Send send, String why) {
    Long number = copying.remove(send);
    if (number != null) {
      follower.orElseThrow().withdraw(number);
      send.over(new QueueUnavailable(why));
    }
  }

  private void store(Send send, long number) {
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
      interior.route(send.frame.message(number), null, context);
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
      follower.ifPresent(it -> it.withdraw(number));
      end(send, Outlet.unavailable(e));
    }
  }

  @Override
  public void expire(Duration patience) {
    long now = System.nanoTime();
    for (Send send : copying.keySet()) {
      if (now - send.since > COPY_PATIENCE.toNanos()) {
        giveUp(send, "no other node of the cluster has confirmed a copy");
      }
    }
    for (Send send : unconfirmed) {
      if (now - send.since > patience.toNanos()) {
        end(send, new QueueUnavailable("the broker has not confirmed within " + patience));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    copying.keySet().forEach(send -> giveUp(send, "this Caravan is stopping"));
    unconfirmed.forEach(send -> end(send, new QueueUnavailable("this Caravan is stopping")));
  }

  private void end(Send send, @Nullable Throwable failure) {
    unconfirmed.remove(send);
    send.over(failure);
  }
}
