package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// Gives a program its message. It need not read all of it; but when the message cannot be read to
/// its end, the program is killed before it takes a part for the whole.
final class ProgramInput {
  private static final int BLOCK = 64 * 1024;

  private final ChildProgram child;
  private final Thread giving;
  private volatile Optional<IOException> broken = Optional.empty();
  private volatile boolean whole;

  /// Opens the message as the program gets it.
  @FunctionalInterface
  interface Given {
    InputStream open() throws IOException;
  }

  ProgramInput(ChildProgram child, Given given) {
    this.child = child;
    this.giving = Thread.ofVirtual().start(() -> give(given));
  }

  /// Why the message could not be read.
  Optional<IOException> broken() {
    return broken;
  }

  /// Whether it has taken the whole message, which is waited for a little: a process that the
  /// program has left behind may keep its input open.
  boolean whole(Duration patience) throws IOException {
    try {
      giving.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return whole;
  }

  private void give(Given given) {
    try (InputStream from = given.open()) {
      give(from);
    } catch (IOException e) {
      broken = Optional.of(e);
      child.kill();
    }
    try {
      child.input().close();
    } catch (IOException e) {
      // it has closed its end
    }
  }

  private void give(InputStream from) throws IOException {
    OutputStream to = child.input();
    byte[] block = new byte[BLOCK];
    for (int count = from.read(block); count >= 0; count = from.read(block)) {
      try {
        to.write(block, 0, count);
        to.flush();
      } catch (IOException e) {
        return; // it reads no more; its exit status says what came of it
      }
    }
    whole = true;
  }
}
