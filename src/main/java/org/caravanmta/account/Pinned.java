package org.caravanmta.account;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is held while it is looked at: what its name leads to may change between two reads,
/// what {@link #path} leads to does not. Opening it waits for nobody, though it be a pipe (postfix
/// `safe_open(3)`). RFC 5321 §4.4 leaves to the system what a mailbox is.
public final class Pinned implements AutoCloseable {
  private final Kernel kernel;
  private final int number;

  private Pinned(Kernel kernel, int number) {
    this.kernel = kernel;
    this.number = number;
  }

  /// To be read.
  public static Pinned reading(Path file) throws IOException {
    return opened(file, Kernel.READ);
  }

  /// To be written to; made, for its owner only, if it is not there.
  public static Pinned appending(Path file) throws IOException {
    return opened(file, Kernel.APPEND);
  }

  private static Pinned opened(Path file, int how) throws IOException {
    var kernel = new Kernel();
    return new Pinned(kernel, kernel.open(file, how));
  }

  public Path path() {
    return Path.of("/proc/self/fd/" + number);
  }

  /// Before the file is locked: it ends all locks that the server has on the file.
  @Override
  public void close() throws IOException {
    kernel.close(number);
  }
}
