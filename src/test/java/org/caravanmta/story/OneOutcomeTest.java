package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.story.MisbehavingServer.Misbehaviour;
import org.caravanmta.story.MisbehavingServer.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Whatever a server does, at whatever step of the dialogue or of its TLS, each recipient has
/// exactly one outcome: it was sent, or its sender has one report of it. It arrives more than once
/// only where the server's answer to the whole message was lost.
@Execution(ExecutionMode.CONCURRENT)
class OneOutcomeTest {
  private static final Pattern END =
      Pattern.compile("to=<([^>]+)>.* status=(sent|bounced|expired) ");
  private static final Pattern REPORTED =
      Pattern.compile("(?m)^Final-Recipient: rfc822; ?(\\S+?)\\s*$");
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final Map<String, Integer> hops = new LinkedHashMap<>();

  @Test
  void eachRecipientHasOne(@TempDir Path directory) throws Exception {
    List<MisbehavingServer> servers = servers();
    List<TlsSink> sinks = sinks(directory);
    try (var caravan = caravan(directory)) {
      try (var talk = Talk.to(caravan.smtp)) {
        for (String domain : hops.keySet()) {
          send(talk, domain);
        }
      }
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> ends(caravan).keySet().containsAll(recipients()));
      Map<String, List<String>> ends = ends(caravan);
      List<String> failed =
          ends.entrySet().stream()
              .filter(end -> !end.getValue().contains("sent"))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(reported(caravan)).containsExactlyInAnyOrderElementsOf(failed));

      assertThat(ends(caravan).values()).allMatch(all -> all.size() == 1);
      for (MisbehavingServer server : servers) {
        for (String to : recipients(server.domain())) {
          int times = server.taken.containsKey(to) ? server.taken.get(to).get() : 0;
          assertThat(times).as(to + " " + ends.get(to)).isEqualTo(failed.contains(to) ? 0 : 1);
        }
      }
      assertThat(failed.stream().map(OneOutcomeTest::domain))
          .filteredOn(domain -> !domain.startsWith("tls-"))
          .as("only who says 5yz")
          .allMatch(domain -> domain.endsWith("-refuses.example"));
    } finally {
      for (AutoCloseable server : servers) {
        server.close();
      }
      for (TlsSink sink : sinks) {
        sink.close();
      }
    }
  }

  private List<MisbehavingServer> servers() throws Exception {
    var all = new ArrayList<MisbehavingServer>();
    for (Step step : Step.values()) {
      for (Misbehaviour misbehaviour : Misbehaviour.values()) {
        var server = MisbehavingServer.start(step, misbehaviour);
        all.add(server);
        hops.put(server.domain(), server.port());
      }
    }
    return all;
  }

  private List<TlsSink> sinks(Path directory) throws Exception {
    Authority authority = Authority.make(directory.resolve("ca"), "authority");
    Identity identity = authority.issue("server", "mx.peer.test");
    var all = new ArrayList<TlsSink>();
    for (Conduct conduct : Conduct.values()) {
      if (conduct != Conduct.AT_ONCE) {
        var sink = TlsSink.start("127.0.0.1", 0, conduct, identity, authority);
        all.add(sink);
        hops.put("tls-" + conduct.ordinal() + ".example", sink.port());
      }
    }
    return all;
  }

  private Server caravan(Path directory) throws Exception {
    Path transport =
        Files.writeString(
            directory.resolve("transport"),
            hops.entrySet().stream()
                .map(hop -> hop.getKey() + " smtp:[127.0.0.1]:" + hop.getValue() + "\n")
                .collect(Collectors.joining()));
    return Server.start(
        directory.resolve("var"),
        "--set",
        "routing.transport=[texthash:" + transport + "]",
        "--set",
        "queue.lanes=[1s]",
        "--set",
        "queue.lifetime=30s",
        "--set",
        "delivery.suspension=1s",
        "--set",
        "delivery.command-timeout=1s",
        "--set",
        "delivery.data-timeout=1s",
        "--set",
        "delivery.tls.handshake-timeout=1s");
  }

  private static void send(Talk talk, String domain) throws Exception {
    assertThat(talk.say("MAIL FROM:<alice@caravan.test>")).startsWith("250");
    for (String to : recipients(domain)) {
      assertThat(talk.say("RCPT TO:<" + to + ">")).startsWith("250");
    }
    assertThat(talk.say("DATA")).startsWith("354");
    assertThat(talk.data("Subject: one\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII)))
        .startsWith("250");
  }

  private static List<String> recipients(String domain) {
    return NAMES.stream().map(name -> name + "@" + domain).toList();
  }

  private List<String> recipients() {
    return hops.keySet().stream().flatMap(domain -> recipients(domain).stream()).toList();
  }

  private static String domain(String recipient) {
    return recipient.substring(recipient.indexOf('@') + 1);
  }

  /// What each recipient has come to, of which there should be one.
  private static Map<String, List<String>> ends(Server caravan) {
    return caravan.lines().stream()
        .map(END::matcher)
        .filter(Matcher::find)
        .filter(end -> end.group(1).endsWith(".example"))
        .collect(
            Collectors.groupingBy(
                end -> end.group(1), Collectors.mapping(end -> end.group(2), Collectors.toList())));
  }

  /// The recipients that the sender has been told of.
  private static List<String> reported(Server caravan) throws Exception {
    var all = new ArrayList<String>();
    for (Path report : caravan.maildir("alice")) {
      REPORTED
          .matcher(Files.readString(report))
          .results()
          .forEach(found -> all.add(found.group(1)));
    }
    return all;
  }
}
