package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.caravanmta.Ports;

/// kill -9 under load, at random moments, again and again: every message answered 250 is delivered,
/// those whose delivery was in flight perhaps more than once.
///
/// `CrashProof --kills 100 --seed 1 --sessions 10 --size 4096`
final class CrashProof {
  /// A delivery may be cut off between the next hop's 250 and its settlement; so many are in flight
  /// at most.
  static final int IN_FLIGHT = 500;

  private final Path data;
  private final int smtp;
  private final int submission;

  private CrashProof(Path data) throws IOException {
    this.data = data;
    this.smtp = Ports.free();
    this.submission = Ports.free();
  }

  public static void main(String[] words) throws Exception {
    Map<String, Long> options =
        Proof.options(words, Map.of("kills", 100L, "seed", 1L, "sessions", 10L, "size", 4096L));
    int kills = options.get("kills").intValue();
    Proof.end(
        directory -> {
          Account account =
              run(
                  directory,
                  kills,
                  options.get("seed"),
                  options.get("sessions").intValue(),
                  options.get("size").intValue());
          System.out.println(kills + " kills: " + account);
          return account.balances();
        });
  }

  static Account run(Path directory, int kills, long seed, int sessions, int size)
      throws Exception {
    var random = new Random(seed);
    var load = new Load("crash", size);
    var proof = new CrashProof(directory.resolve("var"));
    try (var sink = Sink.start()) {
      Server caravan = proof.start(sink);
      try {
        load.start(proof.smtp, sessions, Integer.MAX_VALUE, "joe@elsewhere.example");
        for (int kill = 1; kill <= kills; kill++) {
          int enough = load.accepted.size() + 50 + random.nextInt(400);
          await().atMost(Duration.ofSeconds(60)).until(() -> load.accepted.size() > enough);
          caravan.kill();
          if (caravan.says("the journal is damaged")) {
            throw new IllegalStateException("a crash is no damage");
          }
          if (kill % 10 == 0) {
            System.out.printf("%d kills: %,d answered 250 so far%n", kill, load.accepted.size());
          }
          caravan = proof.start(sink);
        }
        load.end();
        var account = Account.settled(load, sink, Duration.ofSeconds(60));
        if (caravan.terminate() != 0) {
          throw new IllegalStateException("Caravan did not end as it should");
        }
        return account;
      } finally {
        load.end();
        caravan.close();
      }
    }
  }

  private Server start(Sink sink) throws IOException {
    return Server.on(
        smtp,
        submission,
        data,
        "-Xmx256m",
        "--set",
        "delivery.relayhost=[127.0.0.1]:" + sink.port,
        "--set",
        "queue.lanes=[1s]");
  }
}
