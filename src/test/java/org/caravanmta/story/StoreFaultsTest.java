package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravanmta.Ports;
import org.caravanmta.fault.Disk;
import org.caravanmta.fault.Disk.Way;
import org.caravanmta.fault.FaultyDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A server whose disk fails, one call after the other, between the end of DATA and its reply: 250
/// is said of mail only that is there after the next start, and when the disk is well again so is
/// the server.
///
/// The next hop says nothing, so that all mail waits on the queues, until the last start.
@Execution(ExecutionMode.CONCURRENT)
class StoreFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final int SMALL = 500;
  private static final int LARGE = 300_000;

  /// What failed, and what the client was told then.
  private record Fault(Way way, String call, String reply, boolean ended) {}

  @TempDir Path directory;

  /// What was answered with 250, with its id.
  private final Map<String, String> answered = new TreeMap<>();

  private final List<Fault> faults = new ArrayList<>();
  private FaultyDisk disk;
  private ServerSocket silent;
  private Server server;
  private FaultyDisk.Hold hold;
  private int mails;

  @BeforeEach
  void start() throws Exception {
    disk = new FaultyDisk(directory);
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    begin();
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    hold.close();
    silent.close();
    disk.close();
  }

  private Path data() {
    return directory.resolve("var");
  }

  private void begin() throws IOException {
    server =
        Server.on(
            Ports.free(),
            Ports.free(),
            data(),
            disk.option(),
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + silent.getLocalPort());
    hold = disk.hold();
  }

  @Test
  void mailIsAnswered250OnlyIfItIsThere() throws Exception {
    isSound();
    for (Way way : List.of(Way.REFUSED, Way.TORN, Way.GONE)) {
      failEach("content", way, LARGE);
    }
    assertThat(kinds()).contains("open", "write", "force", "rename");
    assertThat(faults).hasSizeGreaterThan(20);
    // none of these was taken
    assertThat(faults).noneMatch(fault -> fault.reply().startsWith("250"));
    faults.clear();
    for (Way way : List.of(Way.REFUSED, Way.TORN, Way.GONE)) {
      failEach("broker", way, SMALL);
    }
    assertThat(kinds()).contains("write");
    assertThat(faults).hasSizeGreaterThanOrEqualTo(6);
    assertThat(lost()).as("%s of %s", faults, answered).isEmpty();
  }

  private Set<String> kinds() {
    return faults.stream().map(fault -> fault.call().split(" ", 2)[0]).collect(Collectors.toSet());
  }

  /// Fails the first call, the second, and so on, as long as there are any before the reply.
  private void failEach(String store, Way way, int length) throws Exception {
    boolean more = true;
    for (int number = 1; more; number++) {
      String reply;
      boolean ended;
      try (var talk = Talk.to(server.smtp)) {
        if (store.equals("broker")) {
          // what becomes of earlier mail is not what is to fail
          hold.awaitQuiet(data().resolve(store), QUIET);
        }
        hold.fail(data().resolve(store), number, way);
        reply = send(talk, length);
        more = hold.mend();
        ended = more && ends(store);
      }
      if (more) {
        faults.add(new Fault(way, failed(), reply, ended));
      }
      if (ended) {
        begin();
      }
      isSound();
    }
  }

  /// Whether the process ends: it does when the journal cannot be written.
  private boolean ends(String store) throws InterruptedException {
    if (store.equals("content")) {
      return false;
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(!server.alive() || server.says("the journal can no longer be written"))
                    .as("it ends after %s: %s", failed(), server.lines())
                    .isTrue());
    assertThat(server.exit()).isEqualTo(1);
    return true;
  }

  /// The call that has failed last.
  private String failed() {
    return server.lines().stream()
        .filter(line -> line.startsWith(Disk.SAYS))
        .reduce("", (_, next) -> next.substring(Disk.SAYS.length()));
  }

  /// Sends a message.
  ///
  /// @return the last reply, or how the connection ended
  private String send(Talk talk, int length) {
    String name = "m" + ++mails;
    String line = "a line of a body that is as long as it has to be\r\n";
    try {
      String reply =
          talk.send(
              "joe@client.example",
              "ann@far.example",
              "X-Seq: " + name + "\r\n\r\n" + line.repeat(length / line.length()));
      if (reply.startsWith("250")) {
        answered.put(name, reply.substring(reply.lastIndexOf(' ') + 1));
      }
      return reply;
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Mail is taken.
  private void isSound() throws IOException {
    for (int length : new int[] {SMALL, LARGE}) {
      try (var talk = Talk.to(server.smtp)) {
        assertThat(send(talk, length)).startsWith("250");
      }
    }
  }

  /// What was answered with 250 and does not come after the last start.
  private Set<String> lost() throws Exception {
    server.kill();
    int nextHop = silent.getLocalPort();
    silent.close();
    var left = new TreeMap<>(answered);
    try (var sink = Sink.start(nextHop);
        var last = Server.start(data(), "--set", "delivery.relayhost=[127.0.0.1]:" + nextHop)) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                boolean all = last.ask("queue", "list").contains("empty");
                left.keySet().removeAll(sink.arrived.keySet());
                // what was being delivered at each of so many ends is set aside
                String dead = last.ask("queue", "list", "dead");
                left.values().removeIf(dead::contains);
                return left.isEmpty() || all || !last.alive();
              });
    }
    return left.keySet();
  }
}
