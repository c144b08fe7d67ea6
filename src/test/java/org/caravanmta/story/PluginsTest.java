package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.caravanmta.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator adds to an installation without building it: a component that the command
/// fetches, and a class that is compiled here.
class PluginsTest {
  private static final String DESK =
      """
      package org.example;
      public final class Desk {
        private String directory = "";
        public void setDirectory(String changed) { directory = changed; }
        public void take(byte[] message, @org.apache.camel.Header("CaravanRecipients") String to)
            throws java.io.IOException {
          if (to.startsWith("never")) throw new IllegalArgumentException("not one of our desks");
          java.nio.file.Files.write(java.nio.file.Path.of(directory, to), message);
        }
      }
      """;

  private static final String ROUTE =
      """
      - beans:
          - name: desk
            type: "#class:org.example.Desk"
            properties: { directory: "%s" }
      - route:
          id: delivery.desk
          routeConfigurationId: transport
          from:
            uri: artemis:delivery.desk
            parameters: { settle: individual, window: 10 }
            steps:
              - setHeader:
                  name: CaravanRecipients
                  simple: "${header.CaravanRecipients[0]}"
              - to: bean:desk?method=take
              - bean: { ref: endpoint, method: delivered }
              - bean: { ref: retry, method: settle }
              - to: artemis:deferred.*
              - to: artemis:report
      """;

  @TempDir static Path directory;
  private static Installation installation;
  private static Path desk;
  private static Path stream;
  private static Process caravan;
  private static final StringBuilder LOG = new StringBuilder();
  private static int smtp;

  @BeforeAll
  static void start() throws Exception {
    installation = Installation.in(directory.resolve("caravan"));
    desk = Files.createDirectory(directory.resolve("desk"));
    stream = directory.resolve("stream.txt");
    Path source = Files.createDirectories(directory.resolve("source")).resolve("Desk.java");
    Files.writeString(source, DESK);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), source.toString()))
        .isZero();
    Files.createDirectories(installation.plugins());
    Installation.jar(installation.plugins().resolve("desk-1.0.jar"), classes);
    Files.writeString(installation.home().resolve("routes/desk.camel.yaml"), ROUTE.formatted(desk));

    assertThat(installation.run("component", "add", "stream"))
        .startsWith("0 ")
        .contains("added stream 4.18.0: stream:; 1 jars in " + installation.plugins());

    smtp = Ports.free();
    caravan =
        installation.start(
            Map.of(),
            "start",
            "--data",
            directory.resolve("var").toString(),
            "--set",
            "hostname=mx.caravan.test",
            "--set",
            "listeners.smtp.address=127.0.0.1:" + smtp,
            "--set",
            "listeners.submission.enabled=false",
            "--set",
            "delivery.camel.failures=[\"fail 5.7.1 text=/not one of our desks/\"]",
            "--set",
            ("routing.transport=[\"inline:{ {class.example = camel:class:org.example.Desk"
                    + "?method=take&bean.directory=%s} {stream.example ="
                    + " camel:stream:file?fileName=%s} {route.example = desk:} }\"]")
                .formatted(desk, stream));
    Thread.ofVirtual()
        .start(
            () -> {
              try (var lines = caravan.inputReader(UTF_8)) {
                lines
                    .lines()
                    .forEach(
                        line -> {
                          synchronized (LOG) {
                            LOG.append(line).append('\n');
                          }
                        });
              } catch (IOException | UncheckedIOException e) {
                // it has been ended
                LOG.append("(output ended)\n");
              }
            });
    await().atMost(Duration.ofSeconds(90)).until(() -> says("ready ") || !caravan.isAlive());
    assertThat(caravan.isAlive()).as(log()).isTrue();
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.destroy();
    assertThat(caravan.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aComponentThatWasAddedIsUsed() throws Exception {
    send("a@stream.example");

    await().until(() -> says("relay=stream:file, "));
    assertThat(log()).contains("to=<a@stream.example>, relay=stream:file");
    assertThat(Files.readString(stream)).contains("Subject: plug\r\n").contains("\r\n\r\nhi\r\n");
  }

  @Test
  void aClassOfTheOperatorsTakesMail() throws Exception {
    send("a@class.example");

    await().until(() -> says("to=<a@class.example>") && says("status="));
    await().until(() -> Files.exists(desk.resolve("a@class.example")));
    assertThat(Files.readString(desk.resolve("a@class.example"))).endsWith("\r\n\r\nhi\r\n");
  }

  @Test
  void soItDoesInARoute() throws Exception {
    send("a@route.example");

    await().until(() -> says("to=<a@route.example>"));
    await().until(() -> Files.exists(desk.resolve("a@route.example")));
    assertThat(Files.readString(desk.resolve("a@route.example"))).endsWith("\r\n\r\nhi\r\n");
  }

  @Test
  void whatItThrowsMeansWhatTheRuleSays() throws Exception {
    send("never@class.example");

    await().until(() -> says("status=bounced (not one of our desks)"));
    assertThat(log()).contains("dsn=5.7.1, status=bounced (not one of our desks)");
  }

  @Test
  void whatIsThereIsListed() throws Exception {
    assertThat(installation.run("component", "list"))
        .startsWith("0 stream               4.18.0     stream:\n")
        .contains("desk-1.0.jar");
  }

  private static void send(String to) throws IOException {
    try (var talk = Talk.to(smtp)) {
      assertThat(talk.send("bob@caravan.test", to, "Subject: plug\r\n\r\nhi\r\n"))
          .startsWith("250 2.0.0 Ok: queued as ");
    }
  }

  private static boolean says(String text) {
    return log().contains(text);
  }

  private static String log() {
    synchronized (LOG) {
      return LOG.toString();
    }
  }
}
