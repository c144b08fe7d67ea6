package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of transports that give messages to Camel endpoints: a directory of files, and a
/// program that answers over HTTP as it is told to.
class EndpointTransportsTest {
  private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 Ok: queued as (\\S+)");

  private record Request(Map<String, List<String>> fields, byte[] body) {}

  @TempDir static Path directory;
  private static final Map<String, Integer> ANSWERS = new ConcurrentHashMap<>();
  private static final Map<String, List<Request>> POSTED = new ConcurrentHashMap<>();
  private static HttpServer program;
  private static Path archive;
  private static Server caravan;

  @BeforeAll
  static void start() throws Exception {
    program = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    program.createContext("/tickets", EndpointTransportsTest::answer);
    program.start();
    archive = directory.resolve("archive");

    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.copy("archive.camel.yaml", routes);
    Edits.copy("tickets.camel.yaml", routes);
    Edits.replace(
        routes.resolve("archive.camel.yaml"), "/var/spool/caravan-archive", archive.toString());
    Edits.replace(
        routes.resolve("tickets.camel.yaml"),
        "127.0.0.1:8080",
        "127.0.0.1:" + program.getAddress().getPort());
    caravan =
        Server.start(
            directory.resolve("var"),
            "--routes",
            routes.toString(),
            "--set",
            "routing.transport=[\"inline:{archive.example=archive:,"
                + " tickets.example=tickets:desk}\"]",
            "--set",
            "queue.lanes=[1s]");
  }

  @AfterAll
  static void stop() {
    caravan.close();
    program.stop(0);
  }

  @Test
  void aMessageBecomesAFileByteForByte() throws Exception {
    String body = "\r\n\r\n" + "caf\u00e9 x\r\n".repeat(20_000);
    String id =
        send(
            "alice@caravan.test",
            List.of("a@archive.example", "b@archive.example"),
            "Subject: large" + body);

    String line = delivered(id, "a@archive.example");
    assertThat(line)
        .contains("relay=file://" + archive + ", ", "dsn=2.0.0", "status=sent (delivered to the");
    assertThat(delivered(id, "b@archive.example")).contains("status=sent");
    try (var files = Files.list(archive)) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().matches(id + "-[0-9a-f]{8}\\.eml"))
              .reduce(
                  (a, b) -> {
                    throw new AssertionError("two files: " + a + " and " + b);
                  })
              .orElseThrow();
      String text = Files.readString(file);
      assertThat(text).startsWith("Received: ").contains("\r\nSubject: large\r\n").endsWith(body);
      assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
  }

  @Test
  void aMessageIsPostedWithItsEnvelope() throws Exception {
    String id =
        send("alice@caravan.test", List.of("a@tickets.example"), "Subject: p\r\n\r\nhi\r\n");

    assertThat(delivered(id, "a@tickets.example"))
        .contains(
            "relay=http://127.0.0.1:" + program.getAddress().getPort() + "/tickets",
            "status=sent (HTTP 200)");
    Request request = POSTED.get(id).getFirst();
    assertThat(new String(request.body, UTF_8))
        .startsWith("Received: ")
        .contains("\r\nSubject: p\r\n")
        .endsWith("\r\n\r\nhi\r\n");
    assertThat(request.fields)
        .containsEntry("Caravansender", List.of("alice@caravan.test"))
        .containsEntry("Caravanrecipients", List.of("a@tickets.example"))
        .containsEntry("Caravantransport", List.of("tickets"))
        .containsEntry("Caravannexthop", List.of("desk"))
        .containsEntry("Caravanattempt", List.of("0"))
        .containsEntry("Content-type", List.of("message/rfc822"));
  }

  @Test
  void whatTheProgramCannotTakeNowIsTriedAgain() throws Exception {
    ANSWERS.put("later@tickets.example", 503);
    String id = send("alice@caravan.test", List.of("later@tickets.example"), "Subject: l\r\n\r\n");

    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> caravan.story(id).stream().filter(l -> l.contains("HTTP 503")).count() >= 2);
    assertThat(caravan.story(id))
        .filteredOn(l -> l.contains("HTTP 503"))
        .allMatch(l -> l.contains("relay=http://127.0.0.1:") && l.contains("dsn=4.3.0"))
        .allMatch(l -> l.contains("status=deferred (HTTP 503"));
    ANSWERS.put("later@tickets.example", 202);
    assertThat(delivered(id, "later@tickets.example")).contains("status=sent (HTTP 202)");
    assertThat(POSTED.get(id).getLast().fields.get("Caravanattempt").getFirst()).isNotEqualTo("0");
    assertThat(POSTED.get(id).getLast().fields.get("Caravanpart"))
        .isEqualTo(POSTED.get(id).getFirst().fields.get("Caravanpart"));
  }

  @Test
  void whatItWillNeverTakeIsReported() throws Exception {
    ANSWERS.put("never@tickets.example", 400);
    String id = send("bob@caravan.test", List.of("never@tickets.example"), "Subject: n\r\n\r\n");

    await().atMost(Duration.ofSeconds(90)).until(() -> !caravan.maildir("bob").isEmpty());
    assertThat(caravan.story(id))
        .filteredOn(l -> l.contains("to=<never@tickets.example>"))
        .singleElement()
        .asString()
        .contains("dsn=5.3.0", "status=bounced (HTTP 400 Bad Request)");
    assertThat(Files.readString(caravan.maildir("bob").getFirst()))
        .contains("Final-Recipient: rfc822; never@tickets.example")
        .contains("Status: 5.3.0")
        .contains("HTTP 400");
    assertThat(POSTED.get(id)).hasSize(1);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var fields = Map.copyOf(exchange.getRequestHeaders());
      byte[] body = exchange.getRequestBody().readAllBytes();
      POSTED
          .computeIfAbsent(
              exchange.getRequestHeaders().getFirst("CaravanId"), _ -> new CopyOnWriteArrayList<>())
          .add(new Request(fields, body));
      String recipient = exchange.getRequestHeaders().getFirst("CaravanRecipients");
      exchange.sendResponseHeaders(ANSWERS.getOrDefault(recipient, 200), -1);
    }
  }

  private static String send(String from, List<String> to, String text) throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      talk.say("MAIL FROM:<" + from + ">");
      for (String each : to) {
        assertThat(talk.say("RCPT TO:<" + each + ">")).startsWith("250");
      }
      assertThat(talk.say("DATA")).startsWith("354");
      var reply = QUEUED.matcher(talk.data(text.getBytes(UTF_8)));
      assertThat(reply.lookingAt()).isTrue();
      return reply.group(1);
    }
  }

  private static String delivered(String id, String recipient) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                caravan.story(id).stream()
                    .anyMatch(l -> l.contains("to=<" + recipient + ">") && l.contains("=sent")));
    return caravan.story(id).stream()
        .filter(l -> l.contains("to=<" + recipient + ">") && l.contains("=sent"))
        .findFirst()
        .orElseThrow();
  }
}
