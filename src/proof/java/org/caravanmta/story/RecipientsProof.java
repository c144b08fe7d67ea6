package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.caravanmta.Ports;

/// Many recipients of messages with several each, a server that fails at random, and kill -9 again
/// and again: each recipient who was accepted has exactly one outcome, which is that the server has
/// taken the message or that the sender was told that it has not. What comes twice was in flight
/// when Caravan was killed or the server hung up.
///
/// `RecipientsProof --recipients 100000 --kills 20 --seed 1`
final class RecipientsProof {
  private static final int PER_MESSAGE = 50;

  /// One in so many does not exist.
  private static final int REFUSED = 20;

  /// In a thousand commands.
  private static final int FAILURES = 100;

  private static final Pattern REPORTED =
      Pattern.compile("(?m)^Final-Recipient: rfc822; ?(\\S+?)\\s*$");

  /// @param taken recipients whom the server has taken once or more often
  /// @param again how many more times than once it has, in all
  /// @param told recipients of whom the sender was told
  /// @param toldAgain how many more times than once, in all
  /// @param both recipients who were both
  /// @param neither recipients who were neither
  record Outcome(
      int accepted, int taken, int again, int told, int toldAgain, int both, int neither) {
    boolean balances() {
      return both == 0 && neither == 0 && taken + told == accepted;
    }
  }

  private final Path data;
  private final FlakyServer flaky;
  private final int smtp = Ports.free();
  private final int submission = Ports.free();

  private RecipientsProof(Path data, FlakyServer flaky) throws IOException {
    this.data = data;
    this.flaky = flaky;
  }

  public static void main(String[] words) throws Exception {
    Map<String, Long> options =
        Proof.options(words, Map.of("recipients", 100_000L, "kills", 20L, "seed", 1L));
    Proof.end(
        directory -> {
          Outcome outcome =
              run(
                  directory,
                  options.get("recipients").intValue(),
                  options.get("kills").intValue(),
                  options.get("seed"));
          System.out.println(outcome);
          return outcome.balances();
        });
  }

  static Outcome run(Path directory, int recipients, int kills, long seed) throws Exception {
    var random = new Random(seed);
    try (var flaky = FlakyServer.start(FAILURES, seed)) {
      var proof = new RecipientsProof(directory.resolve("var"), flaky);
      Server caravan = proof.start();
      try {
        int accepted = 0;
        int every = Math.max(1, recipients / PER_MESSAGE / (kills + 1));
        for (int message = 0; accepted < recipients; message++) {
          try (var talk = Talk.to(proof.smtp)) {
            accepted += send(talk, message);
          }
          if (message % every == every - 1 && message / every < kills) {
            // somewhere in the middle of delivery
            int enough = flaky.taken.size() + random.nextInt(PER_MESSAGE * 2);
            patient(() -> flaky.taken.size() > enough);
            caravan.kill();
            caravan = proof.start();
          }
        }
        flaky.behave();
        int all = accepted;
        patient(() -> proof.outcome(all).neither() == 0);
        if (caravan.terminate() != 0) {
          throw new IllegalStateException("Caravan did not end as it should");
        }
        return proof.outcome(accepted);
      } finally {
        caravan.close();
      }
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /// Waits for it, but not for ever: the account says what is missing.
  private static void patient(Condition condition) {
    try {
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(300))
          .until(condition::holds);
    } catch (ConditionTimeoutException e) {
      System.out.println("waited for nothing: " + e.getMessage());
    }
  }

  private static String name(int number) {
    return (number % REFUSED == 0 ? "no" : "r") + number + "@elsewhere.example";
  }

  /// Returns how many recipients were accepted; a session that is cut off is an error here, as no
  /// kill falls into it.
  private static int send(Talk talk, int message) throws IOException {
    talk.say("MAIL FROM:<alice@caravan.test>");
    for (int i = 0; i < PER_MESSAGE; i++) {
      talk.say("RCPT TO:<" + name(message * PER_MESSAGE + i) + ">");
    }
    talk.say("DATA");
    String reply = talk.data("Subject: many\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII));
    if (!reply.startsWith("250")) {
      throw new IOException(reply);
    }
    return PER_MESSAGE;
  }

  private Outcome outcome(int accepted) throws IOException {
    Map<String, Integer> told = told();
    int taken = 0;
    int again = 0;
    int both = 0;
    int neither = 0;
    for (int i = 0; i < accepted; i++) {
      var times = flaky.taken.get(name(i));
      boolean reported = told.containsKey(name(i));
      if (times != null) {
        taken++;
        again += times.get() - 1;
      }
      both += times != null && reported ? 1 : 0;
      neither += times == null && !reported ? 1 : 0;
    }
    int reports = told.values().stream().mapToInt(Integer::intValue).sum();
    return new Outcome(accepted, taken, again, told.size(), reports - told.size(), both, neither);
  }

  /// How often the sender was told of each.
  private Map<String, Integer> told() throws IOException {
    var told = new HashMap<String, Integer>();
    Path fresh = data.resolve("mail/caravan.test/alice/Maildir/new");
    if (!Files.isDirectory(fresh)) {
      return told;
    }
    try (var reports = Files.list(fresh)) {
      for (Path report : reports.toList()) {
        REPORTED
            .matcher(Files.readString(report))
            .results()
            .forEach(found -> told.merge(found.group(1), 1, Integer::sum));
      }
    }
    return told;
  }

  private Server start() throws IOException {
    return Server.on(
        smtp,
        submission,
        data,
        "-Xmx256m",
        "--set",
        "delivery.relayhost=[127.0.0.1]:" + flaky.port(),
        "--set",
        "delivery.suspension=1s",
        "--set",
        "queue.lanes=[1s]");
  }
}
