package org.caravanmta.restriction.service;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A policy server and the connections to it (postfix `SMTPD_POLICY_README`). A connection serves
/// one question at a time, and is kept for the next one.
public final class PolicyService {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyService.class);

  /// How long an idle connection is kept (postfix `smtpd_policy_service_max_idle`).
  private static final Duration MOST_IDLE = Duration.ofMinutes(5);

  /// How long any connection is kept (postfix `smtpd_policy_service_max_ttl`).
  private static final Duration OLDEST = Duration.ofSeconds(1000);

  private static final int MOST_IDLE_CONNECTIONS = 100;

  private final ServiceAddress settings;
  private final InstantSource clock;
  private final Deque<PolicyConnection> idle = new ArrayDeque<>();

  private PolicyService(ServiceAddress settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /// @param written `inet:HOST:PORT`, `unix:PATH`, or `{ inet:HOST:PORT, timeout=10s, … }`
  /// @throws IllegalArgumentException says what was expected
  public static PolicyService parse(String written, InstantSource clock) {
    return new PolicyService(ServiceAddress.parse(written), clock);
  }

  public String defaultAction() {
    return settings.defaultAction();
  }

  /// The server's action, or the default one when it does not give any.
  public String ask(Map<String, String> attributes) {
    String request = request(attributes);
    for (int tries = 0; tries < settings.tryLimit(); tries++) {
      try {
        // what was kept may have been closed meanwhile, so that a second try is a fresh one
        return ask(request, tries == 0);
      } catch (IOException e) {
        LOG.warn("policy server {}: {}", this, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return settings.defaultAction();
  }

  @Override
  public String toString() {
    return settings.endpoint();
  }

  private String request(Map<String, String> attributes) {
    var request = new StringBuilder();
    attributes.forEach((name, value) -> attribute(request, name, value));
    attribute(request, "policy_context", settings.context());
    return request.append('\n').toString();
  }

  /// A value is one line: nothing of a peer's becomes an attribute.
  private static void attribute(StringBuilder request, String name, String value) {
    request.append(name).append('=').append(value.replaceAll("[\\x00\\r\\n]", "?")).append('\n');
  }

  private String ask(String request, boolean kept) throws IOException, InterruptedException {
    var used = new AtomicReference<Optional<PolicyConnection>>(Optional.empty());
    var exchange =
        new FutureTask<>(
            () -> {
              PolicyConnection connection =
                  (kept ? kept() : Optional.<PolicyConnection>empty()).orElseGet(this::fresh);
              used.set(Optional.of(connection));
              connection.open(address());
              return connection.ask(request);
            });
    Thread.ofVirtual().name("policy server").start(exchange);
    boolean done = false;
    try {
      String action = exchange.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      done = true;
      return action;
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + settings.timeout().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    } finally {
      if (done) {
        used.get().ifPresent(this::keep);
      } else {
        exchange.cancel(true);
        used.get().ifPresent(PolicyConnection::close);
      }
    }
  }

  private PolicyConnection fresh() {
    return new PolicyConnection(clock.instant());
  }

  private Optional<PolicyConnection> kept() {
    synchronized (idle) {
      for (PolicyConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
        if (next.youngerThan(clock.instant(), MOST_IDLE, OLDEST)) {
          return Optional.of(next);
        }
        next.close();
      }
      return Optional.empty();
    }
  }

  private void keep(PolicyConnection connection) {
    connection.rest(clock.instant());
    boolean room;
    synchronized (idle) {
      room = idle.size() < MOST_IDLE_CONNECTIONS;
      if (room) {
        idle.addFirst(connection);
      }
    }
    if (!room) {
      connection.close();
    }
  }

  private SocketAddress address() {
    return settings
        .path()
        .<SocketAddress>map(UnixDomainSocketAddress::of)
        .orElseGet(() -> new InetSocketAddress(settings.host(), settings.port()));
  }
}
