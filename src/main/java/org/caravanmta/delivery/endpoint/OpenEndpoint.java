package org.caravanmta.delivery.endpoint;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/// An endpoint that is in use, with what sends to it (Camel `Producer`). It is made when the first
/// message is sent. A place is taken for each message, so that one that hangs holds up no more than
/// its own places.
final class OpenEndpoint {
  private final Endpoints endpoints;
  private final String uri;
  private final UriSecrets secrets;
  private final Semaphore places;
  private final ReentrantLock opening = new ReentrantLock();
  private final Deque<AsyncProducer> idle = new ArrayDeque<>();
  private @Nullable Endpoint endpoint;

  /// Messages that use it; {@link OpenEndpoints} counts them.
  int users;

  /// @param places messages that it is given at a time
  OpenEndpoint(Endpoints endpoints, String uri, int places) {
    this.endpoints = endpoints;
    this.uri = uri;
    this.secrets = endpoints.secrets(uri);
    this.places = new Semaphore(places, true);
  }

  String uri() {
    return uri;
  }

  UriSecrets secrets() {
    return secrets;
  }

  /// Waits for a place.
  ///
  /// @return false when there is none in time
  boolean enter(Duration patience) throws InterruptedException {
    return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Gives the place back.
  void leave() {
    places.release();
  }

  /// Sends one message.
  ///
  /// @throws UnusableEndpoint when there can be no such endpoint
  /// @throws Unopened when it could not be started
  Exchange send(OutgoingMessage message) throws Exception {
    Endpoint to;
    AsyncProducer producer;
    try {
      to = endpoint();
      producer = take(to);
    } catch (UnusableEndpoint | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new Unopened(e);
    }
    boolean done = false;
    try {
      Exchange exchange = to.createExchange();
      exchange.getMessage().setBody(message.body());
      exchange.getMessage().setHeaders(message.headers());
      producer.process(exchange);
      done = true;
      return exchange;
    } finally {
      give(to, producer, done);
    }
  }

  private Endpoint endpoint() throws InterruptedException {
    opening.lockInterruptibly();
    try {
      Endpoint open = endpoint;
      if (open == null) {
        open = endpoints.make(uri);
        try {
          ServiceHelper.startService(open);
        } catch (RuntimeException | LinkageError e) {
          ServiceHelper.stopAndShutdownService(open);
          throw e;
        }
        endpoint = open;
      }
      return open;
    } finally {
      opening.unlock();
    }
  }

  /// One that all may use at a time, or one that nobody else uses meanwhile, as the endpoint wants
  /// it.
  private AsyncProducer take(Endpoint to) throws Exception {
    opening.lockInterruptibly();
    try {
      boolean shared = to.isSingletonProducer();
      AsyncProducer kept = shared ? idle.peek() : idle.poll();
      if (kept != null) {
        return kept;
      }
      AsyncProducer made =
          PluginHelper.getInternalProcessorFactory(to.getCamelContext())
              .createUnitOfWorkProducer(to.createAsyncProducer());
      try {
        ServiceHelper.startService(made);
      } catch (RuntimeException | LinkageError e) {
        ServiceHelper.stopAndShutdownService(made);
        throw e;
      }
      if (shared) {
        idle.add(made);
      }
      return made;
    } finally {
      opening.unlock();
    }
  }

  /// @param done whether it may be used again
  private void give(Endpoint to, AsyncProducer producer, boolean done) {
    if (to.isSingletonProducer()) {
      return;
    }
    if (!done) {
      ServiceHelper.stopAndShutdownService(producer);
      return;
    }
    opening.lock();
    try {
      idle.add(producer);
    } finally {
      opening.unlock();
    }
  }

  /// Ends it, when nothing is sent any more.
  void close() {
    opening.lock();
    try {
      idle.forEach(ServiceHelper::stopAndShutdownService);
      idle.clear();
      if (endpoint != null) {
        ServiceHelper.stopAndShutdownService(endpoint);
        endpoint = null;
      }
    } finally {
      opening.unlock();
    }
  }
}
