package org.caravanmta.account;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is kept open while it is checked and used: between the two, somebody may put another
/// file under its name, but {@link #path} stays the same file (postfix `safe_open(3)`). Opening it
/// does not block, even if it is a pipe.
public final class Pinned implements AutoCloseable {
  private final Kernel kernel;
  private final int number;

  private Pinned(Kernel kernel, int number) {
    this.kernel = kernel;
    this.number = number;
  }

  /// Opens a file for reading.
  ///
  /// @throws IOException says why it cannot be opened
  public static Pinned reading(Path file) throws IOException {
    return opened(file, Kernel.READ);
  }

  /// Opens a file for appending; if it is not there, it is made with the mode 0600.
  ///
  /// @throws IOException says why it cannot be opened
  public static Pinned appending(Path file) throws IOException {
    return opened(file, Kernel.APPEND);
  }

  private static Pinned opened(Path file, int how) throws IOException {
    var kernel = new Kernel();
    return new Pinned(kernel, kernel.open(file, how));
  }

  /// The name under which this process has the file open, until it is closed.
  public Path path() {
    return Path.of("/proc/self/fd/" + number);
  }

  /// Closes the file. Call it before the file is locked: closing ends all locks that this process
  /// has on the file (`fcntl(2)`).
  @Override
  public void close() throws IOException {
    kernel.close(number);
  }
}
