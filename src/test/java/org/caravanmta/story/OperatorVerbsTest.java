package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.Ports;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the operator does to selected messages while mail flows, from the command line to the log.
class OperatorVerbsTest {
  private static final String MAIL = "Subject: a verb\r\nX-Seq: %s\r\n\r\nhello\r\n";
  private static final Pattern ID = Pattern.compile("\"queue_id\": \"([^\"]+)\"");

  @TempDir static Path directory;
  private static Path aliases;
  private static Sink sink;
  private static Server caravan;

  @BeforeAll
  static void start() throws IOException {
    sink = Sink.start();
    aliases = Files.writeString(directory.resolve("aliases"), "# none yet\n");
    caravan = begin(directory.resolve("var"), "queue.lanes=[1h]");
  }

  private static Server begin(Path data, String lanes) throws IOException {
    return Server.start(
        data,
        "--set",
        "routing.transport=['inline:{flow.example=smtp:[127.0.0.1]:%1$d, dead.example=smtp:[127.0.0.1]:%2$d}']"
            .formatted(sink.port, Ports.free()),
        "--set",
        "rewriting.virtual-aliases=['texthash:%s']".formatted(aliases),
        "--set",
        "report.gather=0s",
        "--set",
        lanes);
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    sink.close();
  }

  @Test
  void whatIsReturnedBeforeItsTimeComesBackWithItsReason() throws Exception {
    String id = deferred("bob@caravan.test", "back@dead.example", "back");
    String nobody = deferred("", "nobody@dead.example", "nobody");
    assertThat(caravan.command("queue", "hold", id)).contains("1 put on hold");
    assertThat(caravan.ask("queue", "bounce", "--recipient", "*@dead.example", id, nobody))
        .contains(id + ": returned to the sender (hold, 1 recipient)")
        .endsWith("2 returned to the sender\n");

    await().until(() -> caravan.maildir("bob").size() == 1);
    assertThat(Files.readString(caravan.maildir("bob").getFirst()))
        .contains(
            "Final-Recipient: rfc822; back@dead.example\n",
            "Action: failed\n",
            "Connection refused");
    came(id, "from=<bob@caravan.test>, status=force-expired, returned to sender");
    came(nobody, "no report for <nobody@dead.example>: null reverse path");
    assertThat(caravan.story(id)).anyMatch(line -> line.endsWith(id + ": expired"));
    assertThat(ids("--where", "id=%s or id=%s".formatted(id, nobody))).isEmpty();
  }

  /// The server says nothing after DATA; the message is tried again, and comes once.
  @Test
  void anAttemptThatHangsIsShownAndCutAndItsMessageComesOnce() throws Exception {
    try (var server = TestServer.start().on("DATA", TestServer.SILENCE, "354 go ahead")) {
      assertThat(caravan.ask("queue", "connections")).isEqualTo("No attempts at delivery\n");
      String id = deferred("bob@caravan.test", "slow@dead.example", "slow");
      caravan.ask("queue", "reroute", "--to", "smtp:" + server.nextHop(), id);
      await().until(() -> server.commands().contains("DATA"));
      String line = caravan.ask("queue", "connections", "--json");
      assertThat(line)
          .contains(
              "\"queue_id\": \"" + id + "\"",
              "\"sender\": \"bob@caravan.test\", \"recipients\": 1, \"transport\": \"smtp\"",
              "\"server\": \"127.0.0.1[127.0.0.1]:" + server.port() + "\"",
              "\"source\": \"127.0.0.1\"",
              "\"step\": \"data\"");
      String number = line.replaceFirst("(?s)^\\{\"attempt\": (\\d+),.*", "$1");
      assertThat(caravan.ask("queue", "connections"))
          .contains(id, "sending DATA, from 127.0.0.1", "-- 1 attempt.");
      assertThat(caravan.ask("queue", "cut", number)).isEqualTo(number + ": cut\n");

      came(id, "status=deferred (delivery with 127.0.0.1[127.0.0.1]:" + server.port());
      assertThat(caravan.story(id))
          .filteredOn(each -> each.contains(": attempt " + number + ", transport=smtp"))
          .singleElement()
          .asString()
          .contains("was cut by the operator (", "), while sending DATA");
      await().until(() -> ids("--queue", "deferred.*", "--reason", "was cut").equals(Set.of(id)));
      assertThat(caravan.ask("queue", "flush", id)).contains("1 flushed");
      came(id, "status=sent");
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void whatIsQueuedAgainIsANewMessageAndRewrittenOnceMore() throws Exception {
    String id = deferred("bob@caravan.test", "moved@dead.example", "moved");
    Files.writeString(
        aliases, "moved@dead.example there@flow.example\nprobe@dead.example there@flow.example\n");
    // the file is looked at once a second
    await()
        .until(
            () -> {
              send(1, "probe%d", "bob@caravan.test", "probe@dead.example");
              return sink.arrived.containsKey("probe0");
            });
    assertThat(caravan.ask("queue", "requeue", "--recipient", "moved@dead.example"))
        .contains(id + ": requeued (deferred.1h, 1 recipient)");

    await().until(() -> sink.arrived.containsKey("moved"));
    await().until(() -> caravan.says("orig_id=" + id));
    String line =
        caravan.lines().stream()
            .filter(each -> each.contains("orig_id=" + id))
            .findFirst()
            .orElseThrow();
    assertThat(line)
        .contains(": from=<bob@caravan.test> orig_id=" + id)
        .doesNotContain(id + ": from");
    assertThat(ids("--where", "id=" + id)).isEmpty();
    assertThat(sink.arrived.get("moved")).hasValue(1);
  }

  @Test
  void anotherWayHoldsForLaterAttemptsToo() throws Exception {
    String id = deferred("bob@caravan.test", "round@dead.example", "round");
    sink.rcptReply = "450 4.2.0 not yet";
    try {
      caravan.ask("queue", "reroute", "--to", "smtp:[127.0.0.1]:" + sink.port, id);
      came(id, "status=deferred (host 127.0.0.1[127.0.0.1] said: 450 4.2.0 not yet");
    } finally {
      sink.rcptReply = "250 2.1.5 Ok";
    }
    await().until(() -> ids("--queue", "deferred.*", "--reason", "not yet").equals(Set.of(id)));
    assertThat(caravan.ask("queue", "flush", "--reason", "not yet")).contains("1 flushed");
    await().until(() -> sink.arrived.containsKey("round"));
    assertThat(sink.arrived.get("round")).hasValue(1);
  }

  /// What is at work, or next to be, is named and goes on; the rest of a burst is put aside.
  @Test
  void aBurstThatWaitsForItsTurnIsHeldAndReleased() throws Exception {
    int many = 150;
    sink.willing = new CountDownLatch(1);
    Set<String> held;
    try {
      send(
          many,
          "burst%d",
          "frida@caravan.test",
          "b%d@flow.example",
          ("x".repeat(70) + "\r\n").repeat(30));
      await().until(() -> ids("--queue", "waiting.smtp.*", "--sender", "frida@*").size() > 100);
      String printed = caravan.commandThatEnds(1, "queue", "hold", "--sender", "frida@*");
      assertThat(printed).contains("put on hold (waiting.smtp.", "taken by a stage, try again");
      held = ids("--queue", "hold", "--sender", "frida@*");
      assertThat(held).hasSizeBetween(many / 2, many - 1);
    } finally {
      sink.willing.countDown();
    }
    await().until(() -> count("burst") == many - held.size());
    await().until(() -> ids("--sender", "frida@*").equals(held));
    assertThat(caravan.ask("queue", "release", "--sender", "frida@*"))
        .endsWith("\n" + held.size() + " released\n");
    await().until(() -> count("burst") == many);
    await().until(() -> ids("--sender", "frida@*").isEmpty());
    assertThat(sink.arrived.entrySet())
        .filteredOn(one -> one.getKey().startsWith("burst"))
        .allSatisfy(one -> assertThat(one.getValue()).as(one.getKey()).hasValue(1));
  }

  /// Half of what waits is put aside and given back again and again, and another half returned or
  /// deleted, while other mail flows.
  @Test
  void whileMailFlowsNothingIsLostDoubledOrTouchedThatWasNotMeant() throws Exception {
    int each = 200;
    var flowing =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    send(each * 2, "flow%d", "carol@caravan.test", "f%d@flow.example");
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    send(each, "kept%d", "dora@caravan.test", "k%d@dead.example");
    send(each, "gone%d", "emil@caravan.test", "g%d@dead.example");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                ids("--reason", "4.4.1", "--queue", "deferred.*", "--sender", "????@caravan.test")
                        .size()
                    >= 2 * each);
    Set<String> kept = ids("--sender", "dora@*");
    for (int turn = 0; turn < 3; turn++) {
      String dry = caravan.ask("queue", "hold", "--sender", "dora@*", "--dry-run", "--json");
      assertThat(all(dry)).isEqualTo(kept);
      assertThat(caravan.ask("queue", "hold", "--sender", "dora@*"))
          .endsWith("\n" + each + " put on hold\n");
      assertThat(ids("--queue", "hold", "--sender", "dora@*")).isEqualTo(kept);
      assertThat(caravan.ask("queue", "release", "--sender", "dora@*", "--queue", "hold"))
          .endsWith("\n" + each + " released\n");
      await().until(() -> ids("--queue", "deferred.*", "--sender", "dora@*").equals(kept));
    }
    assertThat(caravan.ask("queue", "delete", "--sender", "emil@*"))
        .endsWith("\n" + each + " deleted\n");
    caravan.ask("queue", "reroute", "--sender", "dora@*", "--to", "smtp:[127.0.0.1]:" + sink.port);
    flowing.join();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> count("flow") == each * 2 && count("kept") == each);
    assertThat(count("gone")).isZero();
    assertThat(sink.arrived.entrySet())
        .filteredOn(one -> one.getKey().matches("(flow|kept)\\d+"))
        .allSatisfy(one -> assertThat(one.getValue()).as(one.getKey()).hasValue(1));
    await()
        .until(() -> ids("--where", "sender=dora@* or sender=emil@* or sender=carol@*").isEmpty());
  }

  /// kill -9 in the middle of a verb over many messages: each is there once, and on hold still.
  @Test
  void aVerbThatIsKilledInTheMiddleLosesAndDoublesNothing() throws Exception {
    int many = 1500;
    Path data = directory.resolve("killed");
    Set<String> before;
    try (var first = begin(data, "queue.lanes=[1h]")) {
      send(first, many, "killed%d", "bob@caravan.test", "x%d@dead.example", "");
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> ids(first, "--queue", "deferred.*").size() == many);
      first.ask("queue", "hold", "--domain", "dead.example");
      before = ids(first, "--queue", "hold");
      assertThat(before).hasSize(many);
      long size = written(data);
      var verb =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      first.ask("queue", "reroute", "--to", "smtp:[127.0.0.1]:" + sink.port, "ALL");
                    } catch (AssertionError e) {
                      // it ends with the server
                    }
                  });
      // the first are told when all are moved to the queue `operator` and changed there: before,
      // the
      // broker's directory says that it has begun
      await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(Duration.ofSeconds(90))
          .until(() -> written(data) > size + 100_000);
      first.kill();
      verb.join();
    }
    try (var second = begin(data, "queue.lanes=[1h]")) {
      String list = second.ask("queue", "list", "--where", "all", "--json");
      List<String> listed = ID.matcher(list).results().map(each -> each.group(1)).toList();
      assertThat(listed).doesNotHaveDuplicates();
      assertThat(ids(second, "--queue", "hold")).isEqualTo(before);
      assertThat(second.ask("queue", "reroute", "--to", "smtp:[127.0.0.1]:" + sink.port, "ALL"))
          .endsWith("\n" + many + " rerouted\n");
      second.ask("queue", "release", "ALL", "--queue", "hold");
      await().atMost(Duration.ofSeconds(120)).until(() -> count("killed") == many);
      assertThat(sink.arrived.entrySet())
          .filteredOn(one -> one.getKey().startsWith("killed"))
          .allSatisfy(one -> assertThat(one.getValue()).as(one.getKey()).hasValue(1));
    }
  }

  /// Bytes that the broker has written to its journal, as far as its files tell: those of all that
  /// were changed since.
  private static long written(Path data) throws IOException {
    Path journal = data.resolve("broker/journal");
    try (var files = Files.list(journal)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += position(file);
      }
      return sum;
    }
  }

  /// Where the zeros at the end of a file begin, roughly.
  private static long position(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static long count(String prefix) {
    return sink.arrived.keySet().stream().filter(each -> each.matches(prefix + "\\d+")).count();
  }

  private static void send(int count, String sequence, String from, String to) throws IOException {
    send(caravan, count, sequence, from, to, "");
  }

  private static void send(int count, String sequence, String from, String to, String more)
      throws IOException {
    send(caravan, count, sequence, from, to, more);
  }

  private static void send(
      Server server, int count, String sequence, String from, String to, String more)
      throws IOException {
    try (var talk = Talk.to(server.smtp)) {
      for (int i = 0; i < count; i++) {
        assertThat(talk.send(from, to.formatted(i), MAIL.formatted(sequence.formatted(i)) + more))
            .startsWith("250 ");
      }
    }
  }

  /// The id of a message that waits in a lane.
  private static String deferred(String from, String to, String sequence) throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      String reply = talk.send(from, to, MAIL.formatted(sequence));
      assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
      String id = reply.substring(reply.lastIndexOf(' ') + 1);
      came(id, "status=deferred");
      await().until(() -> ids("--queue", "deferred.*", "--where", "id=" + id).equals(Set.of(id)));
      return id;
    }
  }

  private static Set<String> ids(String... options) throws Exception {
    return ids(caravan, options);
  }

  private static Set<String> ids(Server server, String... options) throws Exception {
    var words = new ArrayList<>(List.of("queue", "list", "--json"));
    words.addAll(List.of(options));
    return all(server.ask(words.toArray(String[]::new)));
  }

  private static Set<String> all(String json) {
    return ID.matcher(json)
        .results()
        .map(each -> each.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void came(String id, String what) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> caravan.story(id).stream().anyMatch(line -> line.contains(what)));
  }
}
