package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Caravan is killed while each kind of content filter after the queue is in the middle of its
/// answer: half an answer lets nothing pass, and what was asked is asked again and delivered once.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("org.caravanmta.story.FaultyStep")
class FilterKillTest {
  private static final Duration LONG = Duration.ofSeconds(120);

  @TempDir Path directory;
  private final Mailbag bag = new Mailbag();
  private final Map<String, FaultyStep> filters = new LinkedHashMap<>();

  @Test
  void eachMessageIsAskedAboutAgainAndDeliveredOnce() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path programs = Files.createDirectories(directory.resolve("programs"));
    for (String protocol : FaultyStep.PROTOCOLS) {
      filters.put(protocol, new FaultyStep(protocol, Fault.HALF, "k-" + protocol, bag, programs));
    }
    try (var next =
        ReceivingServer.start(
            "127.0.0.1",
            0,
            "250 8BITMIME",
            message -> {
              message.recipients().forEach(to -> bag.put(to, message.text()));
              return "250 2.0.0 Ok";
            })) {
      String[] settings = settings(next.port());
      var caravan = Server.start(directory.resolve("var"), settings);
      List<ProcessHandle> running = List.of();
      try {
        for (String protocol : FaultyStep.PROTOCOLS) {
          send(caravan.smtp, protocol);
        }
        ProcessHandle asking = ProcessHandle.of(caravan.pid()).orElseThrow();
        await()
            .atMost(LONG)
            .until(() -> filters.values().stream().allMatch(one -> one.isHalfway(asking)));
        running = asking.descendants().toList();
        for (String protocol : FaultyStep.PROTOCOLS) {
          assertThat(bag.of(recipient(protocol))).as(protocol).isEmpty();
        }
      } finally {
        caravan.kill();
        running.forEach(ProcessHandle::destroyForcibly);
      }
      for (FaultyStep filter : filters.values()) {
        filter.mend();
      }
      try (var again =
          Server.on(caravan.smtp, caravan.submission, caravan.data, "-Xmx256m", settings)) {
        await().atMost(LONG).until(() -> !again.ask("queue", "list").contains("@example.com"));
        for (String protocol : FaultyStep.PROTOCOLS) {
          assertThat(bag.of(recipient(protocol))).as(protocol).hasSize(1);
          if (!protocol.equals("pipe")) {
            assertThat(filters.get(protocol).judged()).as(protocol).hasSize(1);
          }
        }
      }
    } finally {
      for (FaultyStep filter : filters.values()) {
        filter.close();
      }
    }
  }

  private static String recipient(String protocol) {
    return "k-" + protocol + "@example.com";
  }

  private static void send(int port, String protocol) throws IOException {
    try (var talk = Talk.to(port)) {
      assertThat(
              talk.send(
                  "s@example.org",
                  recipient(protocol),
                  "Subject: x\r\nX-Kind: " + protocol + "\r\n\r\nhello\r\n"))
          .startsWith("250 ");
    }
  }

  private String[] settings(int next) throws IOException {
    var programs = new ArrayList<String>();
    var steps = new StringBuilder("- choice:\n    when:\n");
    filters.forEach(
        (protocol, filter) -> {
          filter.setting("5m").ifPresent(programs::add);
          steps.append(
              """
              - simple: "${body.recipients[0].address} == 'k-%s@example.com'"
                steps:
                  - bean: { ref: "%s" }
              """
                  .formatted(protocol, filter.written())
                  .indent(6));
        });
    Path routes =
        FilterRoutes.after(
            directory.resolve("routes"),
            "filter.each",
            "settle: individual, window: 20",
            steps.toString());
    var settings =
        Stream.of(
                "domains.own=[example.com]",
                "recipients.own=[]",
                "routing.local=smtp:[127.0.0.1]:" + next,
                "routing.content-filter=filter.each:",
                "filters.programs=[" + String.join(",", programs) + "]")
            .flatMap(setting -> Stream.of("--set", setting));
    return Stream.concat(settings, Stream.of("--routes", routes.toString())).toArray(String[]::new);
  }
}
