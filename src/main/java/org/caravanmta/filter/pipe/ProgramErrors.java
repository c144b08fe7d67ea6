package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.caravanmta.filter.contract.WireInput;

/// What a program says on its standard error, of which the start is kept.
final class ProgramErrors {
  private static final int KEPT = 4096;

  private final byte[] start = new byte[KEPT];
  private int length;
  private final Thread reading;

  ProgramErrors(InputStream errors) {
    this.reading = Thread.ofVirtual().start(() -> read(errors));
  }

  /// The first line that says something, as the log and replies may show it; empty if there is
  /// none.
  ///
  /// @param patience how long its end is waited for
  String line(Duration patience) throws IOException {
    try {
      reading.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return text()
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(WireInput::shown)
        .orElse("");
  }

  private synchronized String text() {
    return new String(start, 0, length, StandardCharsets.UTF_8);
  }

  private synchronized void keep(byte[] bytes, int count) {
    int taken = Math.min(count, KEPT - length);
    System.arraycopy(bytes, 0, start, length, taken);
    length += taken;
  }

  private void read(InputStream errors) {
    byte[] block = new byte[KEPT];
    try (errors) {
      for (int count = errors.read(block); count >= 0; count = errors.read(block)) {
        keep(block, count);
      }
    } catch (IOException e) {
      // it has ended
    }
  }
}
