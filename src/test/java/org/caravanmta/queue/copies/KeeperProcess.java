package org.caravanmta.queue.copies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A node in a process of its own, which keeps copies below a directory and writes its port there.
final class KeeperProcess {
  static final String READY = "keeps copies";

  private KeeperProcess() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    var node = new CopyNode(directory, arguments[1], true);
    Files.writeString(directory.resolve("port"), String.valueOf(node.server.port()));
    System.out.println(READY);
    new CountDownLatch(1).await();
  }
}
