package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// An output stream whose writes time out: a socket has a time-out for reads only, and a server
/// that stops reading would hold a message forever. When the time is over, our side of the
/// connection is shut down under the blocked write; what the server has said can still be read.
final class TimedOutput extends OutputStream {
  /// In bytes. Each piece may take the whole time, so that a slow server is not taken for a dead
  /// one.
  private static final int PIECE = 64 * 1024;

  private static final ScheduledThreadPoolExecutor WATCH = watch();

  /// Makes a blocked write fail.
  interface Shutdown {
    void run() throws IOException;
  }

  private final OutputStream out;
  private final Shutdown shutdown;
  private final long millis;

  TimedOutput(OutputStream out, Shutdown shutdown, Duration timeout) {
    this.out = out;
    this.shutdown = shutdown;
    this.millis = timeout.toMillis();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; done += PIECE) {
      writePiece(bytes, offset + done, Math.min(PIECE, length - done));
    }
  }

  private void writePiece(byte[] bytes, int offset, int length) throws IOException {
    var late = new AtomicBoolean();
    var watch =
        WATCH.schedule(
            () -> {
              late.set(true);
              shutdown.run();
              return true;
            },
            millis,
            TimeUnit.MILLISECONDS);
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw late.get() ? new SocketTimeoutException("write timed out") : e;
    } finally {
      watch.cancel(false);
    }
  }

  private static ScheduledThreadPoolExecutor watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("smtp-write-watch").unstarted(task));
    watch.setRemoveOnCancelPolicy(true);
    // a task that is always due first: scheduling a write then need not wake the thread
    watch.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.SECONDS);
    return watch;
  }
}
