package org.caravanmta.cluster.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// What tells one process of a node from another: the machine and its boot, the data directory, and
/// the process.
///
/// Whoever shows a mark has the data directory to itself, by the lock on a file in it. So an
/// earlier process with the same machine and directory is dead, and what it held can be taken at
/// once.
///
/// @param machine the id that the kernel drew at this boot (`random(4)`)
/// @param directory device and inode of the data directory
/// @param process drawn for this process
public record Mark(String machine, String directory, String process) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /// The mark of this process, whose data directory nobody else uses.
  ///
  /// @throws IOException if the directory is not there, or the kernel gives no id
  public static Mark of(Path dataDirectory) throws IOException {
    Object key = Files.getAttribute(dataDirectory.toRealPath(), "fileKey");
    if (key == null) {
      throw new IOException(dataDirectory + " is on a file system without inodes");
    }
    return new Mark(Files.readString(BOOT).strip(), key.toString(), UUID.randomUUID().toString());
  }

  /// Whether the other one is this process, or one that has ended.
  boolean succeeds(Mark other) {
    return machine.equals(other.machine) && directory.equals(other.directory);
  }

  Fields in(Fields fields) {
    return fields.with("machine", machine).with("directory", directory).with("process", process);
  }

  static Mark of(Fields fields) {
    return new Mark(fields.text("machine"), fields.text("directory"), fields.text("process"));
  }
}
