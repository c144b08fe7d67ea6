package org.caravanmta.port;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The failures of a port to accept connections, as when the process has no file descriptor left:
/// one line a minute says so, however many there are.
public final class AcceptFailures {
  /// How long a port waits after one: it would fail again at once.
  public static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
  private static final long SAID_NANOS = Duration.ofMinutes(1).toNanos();

  private final String port;
  private final LongSupplier nanos;
  private boolean said;
  private long saidAt;
  private long unsaid;

  /// @param port as the line names it, `smtp`
  public AcceptFailures(String port) {
    this(port, System::nanoTime);
  }

  AcceptFailures(String port, LongSupplier nanos) {
    this.port = port;
    this.nanos = nanos;
  }

  public synchronized void add(Throwable why) {
    long now = nanos.getAsLong();
    if (said && now - saidAt < SAID_NANOS) {
      unsaid++;
      return;
    }
    LOG.warn(
        "{}: connections cannot be accepted, tried again every second: {}{}",
        port,
        why.getMessage() == null ? why.toString() : why.getMessage(),
        unsaid == 0 ? "" : " (and " + unsaid + " times since this was said last)");
    said = true;
    saidAt = now;
    unsaid = 0;
  }
}
