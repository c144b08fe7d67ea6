package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The edits that the README and `routes/examples` show, made to a copy of the shipped routes.
class EditedRoutesTest {
  private static final String MAIL =
      "From: bob@caravan.test\r\nSubject: edited\r\nX-Drop: me\r\nX-Seq: edited\r\n\r\nhello\r\n";

  @TempDir Path directory;

  @Test
  void checksWrittenInXmlCheck() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.delete(routes.resolve("checks.camel.yaml"));
    Edits.copy("checks.camel.xml", routes);
    Path rules = Files.writeString(directory.resolve("header_checks"), "/^X-Drop:/ IGNORE\n");

    try (var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--routes",
                routes.toString(),
                "--set",
                "checks.header=['regexp:" + rules + "']",
                "--set",
                "delivery.relayhost='[127.0.0.1]:" + sink.port + "'")) {
      relay(caravan, sink);
      assertThat(new String(sink.last(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("Subject: edited")
          .doesNotContain("X-Drop");
    }
  }

  @Test
  void anAddedStageStandsBetweenChecksAndRouting() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.copy("added-stage/audit.camel.yaml", routes);
    Edits.replace(
        routes.resolve("reception.camel.yaml"),
        "- to: artemis:routing\n                  - to: artemis:hold",
        "- to: artemis:audit\n                  - to: artemis:hold");

    try (var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--routes",
                routes.toString(),
                "--set",
                "delivery.relayhost='[127.0.0.1]:" + sink.port + "'")) {
      relay(caravan, sink);
      assertThat(caravan.lines())
          .anyMatch(line -> line.contains("audit: from=<bob@caravan.test> nrcpt=1 size="));
    }
  }

  private static void relay(Server caravan, Sink sink) throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.send("bob@caravan.test", "joe@elsewhere.example", MAIL))
          .startsWith("250 2.0.0 Ok");
    }
    await().until(() -> sink.arrived.containsKey("edited"));
  }
}
