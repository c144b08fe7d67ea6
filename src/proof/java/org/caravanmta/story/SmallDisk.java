package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file system of a few megabytes that is a story's own, and can be filled. Only root can mount
/// one.
final class SmallDisk implements AutoCloseable {
  private static final int MEGABYTES = 160;

  final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  static Optional<SmallDisk> mount(Path at) throws Exception {
    Files.createDirectory(at);
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", at.toString()) == 0;
    return mounted ? Optional.of(new SmallDisk(at)) : Optional.empty();
  }

  /// Fills it but for some megabytes, with a file that can be removed.
  Path fill(int megabytesLeft) throws IOException {
    Path filler = root.resolve("filler");
    byte[] block = new byte[64 << 10];
    try (var out = Files.newOutputStream(filler)) {
      while (Files.getFileStore(root).getUsableSpace() > (long) megabytesLeft << 20) {
        out.write(block);
      }
    }
    return filler;
  }

  @Override
  public void close() throws IOException {
    try {
      if (run("umount", root.toString()) != 0) {
        run("umount", "--lazy", root.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
