package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Bounds how long a write may block: a socket has a time-out for reading only, and a server that
/// stops reading would hold the message forever. Our side of the connection is closed under the
/// write; what the server has said can still be read.
final class WatchedOutput extends OutputStream {
  /// Each piece has the whole time, so that a slow server is not a dead one.
  private static final int PIECE = 64 * 1024;

  private static final ScheduledThreadPoolExecutor WATCH = watch();

  /// Has a write that waits fail.
  interface Ending {
    void end() throws IOException;
  }

  private final OutputStream out;
  private final Ending ending;
  private final long millis;

  WatchedOutput(OutputStream out, Ending ending, Duration patience) {
    this.out = out;
    this.ending = ending;
    this.millis = patience.toMillis();
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
              ending.end();
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
    // with something always due before a write is, a write need not wake the thread
    watch.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.SECONDS);
    return watch;
  }
}
