package org.caravanmta.story;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.caravanmta.Ports;

/// Files that are damaged while Caravan is stopped: bodies in the content store are changed, cut
/// short and removed, and bits of the journal are turned over. Whatever is damaged is never
/// delivered as if it were whole, and never just gone: the log or the queue `dead` has its id, or
/// the log says of a file of the journal that messages in it cannot be read.
///
/// `CorruptionProof --rounds 10 --seed 1`
final class CorruptionProof {
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final int LARGE = 100_000;
  private static final int SMALL = 3000;
  private static final String LATER = "451 4.2.1 not yet";

  /// What came of damage.
  ///
  /// @param reported messages that did not come, and of which the log has the id
  /// @param unnamed messages that did not come, and of which the log has not: each is covered by a
  ///   report of damage to the journal, or lost silently
  /// @param changed messages that came with another body than they were sent with
  record Result(
      Account account,
      List<String> reported,
      List<String> unnamed,
      List<String> changed,
      boolean journalReported) {
    boolean balances() {
      return changed.isEmpty() && (unnamed.isEmpty() || journalReported);
    }

    @Override
    public String toString() {
      return "%,d answered 250: %,d once, %,d more than once, %,d reported by id, %,d %s, %,d changed"
          .formatted(
              account.answered(),
              account.once(),
              account.moreThanOnce(),
              reported.size(),
              unnamed.size(),
              journalReported ? "in a journal file reported as damaged" : "lost silently",
              changed.size());
    }
  }

  /// Does damage below a data directory, and says what.
  interface Damage {
    String to(Path data, Load load) throws IOException;
  }

  private CorruptionProof() {}

  public static void main(String[] words) throws Exception {
    Map<String, Long> options = Proof.options(words, Map.of("rounds", 10L, "seed", 1L));
    var random = new Random(options.get("seed"));
    Proof.end(
        directory -> {
          boolean balances = true;
          var damages = new TreeMap<String, Damage>();
          damages.put("content", (data, load) -> content(data));
          damages.put("a body in the journal", CorruptionProof::body);
          damages.put("the numbers of journal files", (data, _) -> numbers(data, random));
          damages.put("the name of a queue", (data, _) -> queueName(data));
          for (int round = 1; round <= options.get("rounds"); round++) {
            damages.put("journal " + round, (data, _) -> journal(data, random));
            damages.put(
                "the list of queues " + round,
                (data, _) -> journal(data.resolve("broker/bindings"), random));
          }
          for (var damage : damages.entrySet()) {
            int size = damage.getKey().equals("content") ? LARGE : SMALL;
            var result =
                run(Files.createTempDirectory(directory, "damage"), size, damage.getValue());
            System.out.println(damage.getKey() + ": " + result);
            balances &= result.balances();
          }
          return balances;
        });
  }

  static Result run(Path directory, int size, Damage damage) throws Exception {
    Path data = directory.resolve("var");
    int smtp = Ports.free();
    int submission = Ports.free();
    var load = new Load("damage", size);
    try (var sink = Sink.start()) {
      sink.expected = load.body();
      sink.rcptReply = LATER;
      String[] settings = {
        "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port, "--set", "queue.lanes=[2s]"
      };
      try (var caravan = Server.on(smtp, submission, data, "-Xmx256m", settings)) {
        load.start(smtp, 4, 60, "joe@elsewhere.example").join();
        caravan.kill();
      }
      System.out.println(damage.to(data, load));
      sink.rcptReply = "250 2.1.5 Ok";
      try (var again = Server.on(smtp, submission, data, "-Xmx256m", settings)) {
        var account = Account.settled(load, sink, PATIENCE);
        return result(account, load, sink, again);
      } catch (AssertionError e) {
        if (!String.valueOf(e.getMessage()).contains("the journal is damaged")) {
          throw e;
        }
        // it does not start, says so, and touches nothing
        var account = Account.of(load, sink);
        return new Result(account, List.of(), List.copyOf(account.lost()), List.of(), true);
      }
    }
  }

  private static Result result(Account account, Load load, Sink sink, Server caravan) {
    var reported = new ArrayList<String>();
    var unnamed = new ArrayList<String>();
    for (String sequence : account.lost()) {
      String id = load.ids.get(sequence);
      boolean said =
          caravan.story(id).stream()
              .anyMatch(line -> line.contains("ERROR") || line.contains("status=deferred"));
      (said ? reported : unnamed).add(sequence);
    }
    return new Result(
        account,
        reported,
        unnamed,
        List.copyOf(sink.changed),
        caravan.says("the journal is damaged"));
  }

  /// Changes one body, cuts one short, removes one.
  static String content(Path data) throws IOException {
    List<Path> files;
    try (var found = Files.walk(data.resolve("content"))) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    flip(files.get(0), Files.size(files.get(0)) / 2, 0);
    try (var file = new RandomAccessFile(files.get(1).toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    Files.delete(files.get(2));
    return "of %d bodies one is changed, one cut short, one removed".formatted(files.size());
  }

  /// Turns a bit over in every copy of one message's body.
  static String body(Path data, Load load) throws IOException {
    byte[] sequence = "X-Seq: damage-7\r".getBytes(StandardCharsets.US_ASCII);
    int copies = 0;
    for (Path file : journal(data)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at = find(bytes, sequence, 0); at >= 0; at = find(bytes, sequence, at + 1)) {
        flip(file, at + 200, 0);
        copies++;
      }
    }
    return "a bit of " + load.ids.get("damage-7") + " is turned over, " + copies + " times";
  }

  /// Turns a bit over in each name of the queue from which mail is sent.
  static String queueName(Path data) throws IOException {
    int names = 0;
    // at one of which each message is, for it is tried again and again
    for (String queue : List.of("delivery.smtp", "deferred.2s")) {
      byte[] name = queue.getBytes(StandardCharsets.UTF_16LE);
      for (Path file : journal(data.resolve("broker/bindings"))) {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = find(bytes, name, 0); at >= 0; at = find(bytes, name, at + 1)) {
          flip(file, at, 0);
          names++;
        }
      }
    }
    return "a bit is turned over in " + names + " names of a queue";
  }

  /// Turns a bit over in the number of each file of the journal.
  static String numbers(Path data, Random random) throws IOException {
    List<Path> files = journal(data.resolve("broker/journal"));
    for (Path file : files) {
      flip(file, 8L + random.nextInt(7), random.nextInt(8));
    }
    return "a bit is turned over in the number of " + files.size() + " files";
  }

  /// Turns some bits over where the journal has been written.
  static String journal(Path data, Random random) throws IOException {
    var places = new ArrayList<String>();
    for (Path file : journal(data)) {
      byte[] bytes = Files.readAllBytes(file);
      int end = bytes.length;
      while (end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == 'J')) {
        end--;
      }
      for (int i = 0; i < 8 && end > 100; i++) {
        long at = 50 + random.nextInt(end - 50);
        flip(file, at, random.nextInt(8));
        places.add(file.getFileName() + ":" + at);
      }
    }
    return "bits are turned over at " + places;
  }

  private static List<Path> journal(Path data) throws IOException {
    try (var found = Files.walk(data)) {
      return found.filter(file -> file.toString().matches(".*\\.(amq|bindings)")).sorted().toList();
    }
  }

  private static int find(byte[] in, byte[] what, int from) {
    for (int at = from; at <= in.length - what.length; at++) {
      int same = 0;
      while (same < what.length && in[at + same] == what[same]) {
        same++;
      }
      if (same == what.length) {
        return at;
      }
    }
    return -1;
  }

  private static void flip(Path file, long at, int bit) throws IOException {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int octet = open.read();
      open.seek(at);
      open.write(octet ^ 1 << bit);
    }
  }
}
