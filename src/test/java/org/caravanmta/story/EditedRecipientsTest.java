package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Content filters that leave a message with nobody, or with more recipients than it can have: the
/// log says it once, with the filter.
class EditedRecipientsTest {
  private static final byte[] NOBODY = packet('-', text("<alice@caravan.test>"));

  @TempDir Path directory;
  private ScriptedMilter milter;

  @BeforeEach
  void listen() throws IOException {
    milter = new ScriptedMilter();
  }

  @AfterEach
  void stop() throws IOException {
    milter.close();
  }

  @Test
  void beforeTheQueue() throws Exception {
    Path routes = FilterRoutes.in(directory.resolve("routes"), step());
    try (Server caravan = start(routes)) {
      milter.answers('E', NOBODY, packet('c'));
      assertThat(send(caravan, "x")).startsWith("250");
      await().until(() -> caravan.says("no recipient is left"));

      // set aside, it has somewhere to go
      milter.answers('E', NOBODY, packet('q', text("")), packet('c'));
      assertThat(send(caravan, "x")).startsWith("250");
      await().until(() -> caravan.ask("quarantine", "list").contains("alice@caravan.test"));
      assertThat(caravan.ask("quarantine", "list")).contains("no reason given");

      var many = new ArrayList<byte[]>();
      IntStream.range(0, 500)
          .forEach(i -> many.add(packet('+', text("bob+" + i + "@caravan.test"))));
      many.add(packet('c'));
      milter.answers('E', many.toArray(byte[][]::new));
      assertThat(send(caravan, "x".repeat(70_000))).startsWith("452 4.5.3 Too many recipients");

      milter.answers('E', packet('y', text("550 5.7.1 no")));
      assertThat(send(caravan, "x")).startsWith("550");
      milter.answers('R', packet('y', text("550 5.7.1 not to her")));
      assertThat(send(caravan, "x")).startsWith("550 5.7.1 not to her");

      assertThat(said(caravan, "milter-\\w+: |: hold: |: discard: |: reject: "))
          .map(line -> line.replaceAll(".*?: (milter-\\w+: .*)", "$1"))
          .containsExactly(
              line("discard: END-OF-MESSAGE", "no recipient is left"),
              line("quarantine: END-OF-MESSAGE", "no reason given"),
              line("reject: END-OF-MESSAGE", "452 4.5.3 Too many recipients"),
              line("reject: END-OF-MESSAGE", "550 5.7.1 no"),
              line("reject: RCPT", "550 5.7.1 not to her"));
    }
  }

  @Test
  void afterTheQueue() throws Exception {
    Path routes =
        FilterRoutes.after(
            directory.resolve("routes"), "filter.late", "settle: individual, window: 20", step());
    try (Server caravan = start(routes, "--set", "routing.content-filter=filter.late:")) {
      milter.answers('E', NOBODY, packet('c'));
      assertThat(send(caravan, "x")).startsWith("250");
      await().until(() -> caravan.says("milter-discard: END-OF-MESSAGE"));
      milter.answers('E', NOBODY, packet('q', text("odd")), packet('c'));
      assertThat(send(caravan, "x")).startsWith("250");
      await().until(() -> caravan.ask("quarantine", "list").contains("alice@caravan.test"));
    }
  }

  private String line(String what, String why) {
    return "milter-%s from unknown[127.0.0.1]: %s; from=<sender@elsewhere.example> to=<alice@caravan.test> proto=ESMTP helo=<client.example> filter=<milter %s>"
        .formatted(what, why, milter.address());
  }

  private Server start(Path routes, String... settings) throws IOException {
    var all = new ArrayList<>(List.of("--routes", routes.toString()));
    all.addAll(List.of(settings));
    return Server.start(directory.resolve("var"), all.toArray(String[]::new));
  }

  private String step() {
    return "- bean: { ref: \"milter " + milter.address() + "\" }\n";
  }

  private static List<String> said(Server caravan, String pattern) {
    return caravan.lines().stream().filter(line -> line.matches(".*(" + pattern + ").*")).toList();
  }

  private static String send(Server caravan, String body) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send(
          "sender@elsewhere.example",
          "alice@caravan.test",
          "Subject: x\r\n\r\n" + body.replaceAll("(x{900})", "$1\r\n") + "\r\n");
    }
  }
}
