package org.caravanmta.sasl.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps the mechanisms that Dovecot announces, so that they are known without waiting. Dovecot is
/// asked every few seconds, as its settings may change.
///
/// Until it has answered once, the mechanisms that the operator wants are named: a login by one
/// that Dovecot does not have is then deferred, not refused.
final class DovecotMechanisms implements AutoCloseable {
  /// Named if the operator wants no particular ones.
  private static final List<String> USUAL = List.of("PLAIN", "LOGIN");

  /// Between questions that are answered.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// Between questions while there is no answer.
  private static final Duration PAUSE_WITHOUT_ANSWER = Duration.ofSeconds(1);

  private final SocketAddress address;
  private final List<String> wanted;
  private final Duration patience;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<List<String>> announced = Optional.empty();

  /// @param wanted those of the announced mechanisms that are offered; empty for all of them
  /// @param patience how long Dovecot may take to answer
  DovecotMechanisms(SocketAddress address, List<String> wanted, Duration patience) {
    this.address = address;
    this.wanted = List.copyOf(wanted);
    this.patience = patience;
  }

  /// Starts the thread that asks.
  void begin() {
    Thread.ofVirtual().name("dovecot").start(this::run);
  }

  /// The mechanisms to offer, in Dovecot's order.
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
      while (!closed.await(
          (answered ? PAUSE : PAUSE_WITHOUT_ANSWER).toMillis(), TimeUnit.MILLISECONDS)) {
        answered = ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asks Dovecot.
  ///
  /// @return whether it has answered
  private boolean ask() {
    try (var open = DovecotConnection.open(address, patience)) {
      open.greetWithin(patience);
      announced = Optional.of(open.mechanisms());
      return true;
    } catch (IOException e) {
      // the last answer stays in force; a login will report what is wrong
      return false;
    }
  }
}
