package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small disk that runs full: first no more mail is taken, with 452; when even the journal cannot
/// be written, Caravan ends with a status that says so. Nothing that was answered 250 is lost.
class FullDiskTest {
  private static final int DISK_MEGABYTES = 160;

  @TempDir Path directory;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    if (run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "tmpfs", disk.toString())
        != 0) {
      System.out.println("SKIPPED: a small disk can only be mounted by root");
      Assumptions.abort("a small disk can only be mounted by root");
    }
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void mailIsRefusedWith452UntilThereIsRoomAgain() throws Exception {
    Path data = disk.resolve("var");
    try (var caravan = Server.start(data, "--set", "broker.min-disk-free=32MiB")) {
      assertThat(send(caravan)).startsWith("250 2.0.0 Ok");
      Path filler = fill(16);

      await()
          .untilAsserted(
              () -> assertThat(send(caravan)).isEqualTo("452 4.3.1 Insufficient system storage"));

      Files.delete(filler);
      await().untilAsserted(() -> assertThat(send(caravan)).startsWith("250 2.0.0 Ok"));
    }
  }

  @Test
  void aJournalThatCannotBeWrittenEndsTheProcessAndLosesNothing() throws Exception {
    Path data = disk.resolve("var");
    var load = new Load("full", 40_000);
    try (var sink = Sink.start()) {
      String[] settings = {
        "--set", "broker.min-disk-free=0",
        "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port,
        "--set", "queue.lanes=[1s]"
      };
      var caravan = Server.start(data, settings);
      sink.rcptReply = "451 4.2.1 not yet";
      load.start(caravan.smtp, 4, Integer.MAX_VALUE, "joe@elsewhere.example");
      await().until(() -> load.accepted.size() > 20);
      // less than the next file of the journal needs, more than nothing
      Path filler = fill(4);

      assertThat(caravan.exit()).isEqualTo(1);

      load.end();
      assertThat(caravan.says("the journal can no longer be written")).isTrue();
      Files.delete(filler);
      sink.rcptReply = "250 2.1.5 Ok";
      try (var again = Server.on(caravan.smtp, caravan.submission, data, "-Xmx256m", settings)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () -> {
                  var missing = new TreeSet<>(load.accepted);
                  missing.removeAll(sink.arrived.keySet());
                  assertThat(missing).as("answered 250 and not delivered").isEmpty();
                });
        assertThat(again.alive()).isTrue();
      }
    }
  }

  private static String send(Server caravan) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("bob@caravan.test", "alice@caravan.test", "Subject: x\r\n\r\nhello\r\n");
    }
  }

  /// Fills the disk but for some megabytes.
  private Path fill(int megabytesLeft) throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[64 << 10];
    try (var out = Files.newOutputStream(filler)) {
      while (Files.getFileStore(disk).getUsableSpace() > (long) megabytesLeft << 20) {
        out.write(block);
      }
    }
    return filler;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
