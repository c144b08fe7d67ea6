package org.caravanmta.sasl.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The mechanisms that Dovecot announces, known without waiting: it is asked every few seconds, as
/// its settings may change.
///
/// Until it has answered once, those that the operator wants are named: a login by one that is not
/// there is deferred then, not refused.
final class DovecotMechanisms implements AutoCloseable {
  /// When nothing else is wanted.
  private static final List<String> USUAL = List.of("PLAIN", "LOGIN");

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PAUSE_WITHOUT = Duration.ofSeconds(1);

  private final SocketAddress address;
  private final List<String> wanted;
  private final Duration patience;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<List<String>> announced = Optional.empty();

  /// @param wanted of those announced; empty: all of them
  /// @param patience how long Dovecot may take to name them
  DovecotMechanisms(SocketAddress address, List<String> wanted, Duration patience) {
    this.address = address;
    this.wanted = List.copyOf(wanted);
    this.patience = patience;
  }

  /// Begins to ask.
  void begin() {
    Thread.ofVirtual().name("dovecot").start(this::run);
  }

  /// In Dovecot's order.
  List<String> names() {
    return announced
        .map(all -> all.stream().filter(n -> wanted.isEmpty() || wanted.contains(n)).toList())
        .orElse(wanted.isEmpty() ? USUAL : wanted);
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run() {
    try {
      boolean answered = ask();
      while (!closed.await((answered ? PAUSE : PAUSE_WITHOUT).toMillis(), TimeUnit.MILLISECONDS)) {
        answered = ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether it has answered
  private boolean ask() {
    try (var open = DovecotConnection.open(address)) {
      open.greetWithin(patience);
      announced = Optional.of(open.mechanisms());
      return true;
    } catch (IOException e) {
      // those named before stay; a login says what is wrong
      return false;
    }
  }
}
