package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.caravanmta.Ports;

/// A disk that runs full under load, again and again: mail is answered 452 until there is room; and
/// in the end not even the journal can be written, which ends Caravan with a status that says so.
/// After each, what was answered 250 is delivered.
///
/// `FullDiskProof --rounds 5`
final class FullDiskProof {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LATER = "451 4.2.1 not yet";
  private static final String NOW = "250 2.1.5 Ok";

  /// What came of it.
  ///
  /// @param refused other replies than 250
  record Result(Account account, List<String> refused) {
    long full() {
      return refused.stream().filter(reply -> reply.startsWith("452 4.3.1")).count();
    }

    boolean balances() {
      return account.balances() && refused.stream().allMatch(reply -> reply.startsWith("4"));
    }

    @Override
    public String toString() {
      return account + ", " + full() + " told 452";
    }
  }

  private FullDiskProof() {}

  public static void main(String[] words) throws Exception {
    Map<String, Long> options = Proof.options(words, Map.of("rounds", 5L));
    Proof.end(
        directory -> {
          boolean balances = true;
          try (var disk =
              SmallDisk.mount(directory.resolve("disk"))
                  .orElseThrow(
                      () -> new IllegalStateException("only root can mount a small disk"))) {
            var full = full(disk, options.get("rounds").intValue());
            System.out.println("full " + options.get("rounds") + " times: " + full);
            balances &= full.balances() && full.full() > 0;
          }
          try (var disk = SmallDisk.mount(directory.resolve("smaller")).orElseThrow()) {
            var ended = ended(disk);
            System.out.println("a journal that cannot be written: " + ended);
            balances &= ended.balances();
          }
          return balances;
        });
  }

  /// Fills the disk under load and makes room again, so many times.
  static Result full(SmallDisk disk, int times) throws Exception {
    var load = new Load("full", 4096);
    try (var sink = Sink.start();
        var caravan =
            Server.start(
                disk.root.resolve("var"),
                "--set",
                "broker.min-disk-free=32MiB",
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port,
                "--set",
                "queue.lanes=[1s]")) {
      load.start(caravan.smtp, 4, Integer.MAX_VALUE, "joe@elsewhere.example");
      try {
        for (int time = 0; time < times; time++) {
          some(load, 20);
          int before = load.otherReplies.size();
          Path filler = disk.fill(16);
          await().atMost(PATIENCE).until(() -> load.otherReplies.size() >= before + 5);
          Files.delete(filler);
        }
        some(load, 20);
      } finally {
        load.end();
      }
      return new Result(Account.settled(load, sink, PATIENCE), List.copyOf(load.otherReplies));
    }
  }

  /// Fills the disk until the journal cannot grow, and starts Caravan again when there is room.
  static Result ended(SmallDisk disk) throws Exception {
    Path data = disk.root.resolve("var");
    int smtp = Ports.free();
    int submission = Ports.free();
    var load = new Load("ended", 40_000);
    try (var sink = Sink.start()) {
      String[] settings = {
        "--set", "broker.min-disk-free=0",
        "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port,
        "--set", "queue.lanes=[1s]"
      };
      sink.rcptReply = LATER;
      Path filler;
      try (var caravan = Server.on(smtp, submission, data, "-Xmx256m", settings)) {
        load.start(smtp, 4, Integer.MAX_VALUE, "joe@elsewhere.example");
        some(load, 20);
        // less than the next file of the journal needs, more than nothing
        filler = disk.fill(4);
        if (caravan.exit() != 1 || !caravan.says("the journal can no longer be written")) {
          throw new IllegalStateException("Caravan did not end as it should");
        }
      } finally {
        load.end();
      }
      Files.delete(filler);
      sink.rcptReply = NOW;
      try (var _ = Server.on(smtp, submission, data, "-Xmx256m", settings)) {
        return new Result(Account.settled(load, sink, PATIENCE), List.copyOf(load.otherReplies));
      }
    }
  }

  private static void some(Load load, int more) {
    int enough = load.accepted.size() + more;
    await().atMost(PATIENCE).until(() -> load.accepted.size() >= enough);
  }
}
