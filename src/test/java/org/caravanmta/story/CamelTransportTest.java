package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Camel endpoints that a transport table names by their URIs: a directory, an HTTP server that
/// answers with each status there is and one that never answers, and URIs that make no endpoint.
class CamelTransportTest {
  private static final String TABLE =
      """
      files.example    camel:file:%1$s/files?fileName=${header.CaravanId}.eml&tempPrefix=.part-
      named.example    camel:file:%1$s/named
      http.example     camel:http://127.0.0.1:%2$d/answer?token=s3cret&authMethod=Basic&authUsername=ann&authPassword=RAW(pa55word)
      hangs.example    camel:http://127.0.0.1:%2$d/hang
      .example         camel:nowhere:%1$s?password=s3cret
      typo.example     camel:file:%1$s/typo?fileNam=s3cret
      """;

  private record Request(String path, Map<String, List<String>> fields, byte[] body) {}

  @TempDir static Path directory;
  private static final Map<String, List<Request>> POSTED = new ConcurrentHashMap<>();
  private static final CountDownLatch HANG = new CountDownLatch(1);
  private static HttpServer program;
  private static Path table;
  private static Server caravan;

  @BeforeAll
  static void start() throws Exception {
    program = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    program.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    program.createContext("/answer", CamelTransportTest::answer);
    program.createContext("/hang", CamelTransportTest::hang);
    program.start();
    table = directory.resolve("transport");
    Files.writeString(table, TABLE.formatted(directory, program.getAddress().getPort()));
    caravan = Server.start(directory.resolve("var"), settings());
  }

  private static String[] settings() {
    return new String[] {
      "--set",
      "routing.transport=[\"texthash:" + table + "\"]",
      "--set",
      "queue.lanes=[1h]",
      "--set",
      "delivery.camel.timeout=3s",
      "--set",
      "delivery.camel.failures=[\"defer http=408,425,429\", \"fail 5.1.1 http=404\", \"fail"
          + " http=4xx\"]"
    };
  }

  @AfterAll
  static void stop() {
    HANG.countDown();
    caravan.close();
    program.stop(0);
  }

  @Test
  void aFileHoldsItByteForByte() throws Exception {
    var awkward = new ByteArrayOutputStream();
    // so that nothing is added
    awkward.writeBytes(
        "Message-Id: <x@y>\r\nDate: Thu, 1 Jan 2026 12:00:00 +0000\r\nFrom: bob@caravan.test\r\n"
            .getBytes(UTF_8));
    awkward.writeBytes("Subject: caf\u00e9\r\nX-Folded: a\r\n\tb \r\n\r\n".getBytes(ISO_8859_1));
    for (int i = 1; i < 256; i++) {
      if (i != '\r' && i != '\n' && i != '.') {
        awkward.write(i);
      }
    }
    awkward.writeBytes("\r\n \t\r\n\r\nno more\r\n".getBytes(UTF_8));
    byte[] large = "caf\u00e9 x\r\n".repeat(20_000).getBytes(ISO_8859_1);

    for (byte[] body : List.of(new byte[0], large)) {
      awkward.writeBytes(body);
      String id = send("a@files.example", awkward.toByteArray());
      assertThat(outcome(id)).contains("relay=file:" + directory + "/files, ", "dsn=2.0.0");
      byte[] held = Files.readAllBytes(directory.resolve("files/" + id + ".eml"));
      assertThat(held).endsWith(awkward.toByteArray()).startsWith("Received: ".getBytes(UTF_8));
    }
  }

  @Test
  void aFileWithoutANameIsNamedAfterTheTask() throws Exception {
    String id = send("a@named.example", "CamelFileName: evil\r\n\r\n");

    assertThat(outcome(id)).contains("status=sent (delivered to the endpoint)");
    try (var files = Files.list(directory.resolve("named"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .singleElement()
          .asString()
          .matches(id + "-[0-9a-f]{8}\\.eml");
    }
  }

  /// 1xx and 204-like answers have no body; 304 and the rest may have.
  @Test
  void eachStatusOfAnHttpServerMeansWhatTheRulesSay() throws Exception {
    List<Integer> all =
        IntStream.concat(IntStream.rangeClosed(200, 208), IntStream.rangeClosed(300, 511))
            .filter(
                status ->
                    status <= 208
                        || status <= 308
                        || status >= 400 && status <= 431
                        || status == 451
                        || status >= 500)
            .boxed()
            .toList();
    var ids = new ConcurrentHashMap<Integer, String>();
    for (int status : all) {
      ids.put(status, send("s" + status + "@http.example", "Subject: " + status + "\r\n\r\nx\r\n"));
    }
    for (int status : all) {
      String expected =
          switch (status) {
            case 408, 425, 429 -> "dsn=4.3.0, status=deferred";
            case 404 -> "dsn=5.1.1, status=bounced";
            default ->
                status < 300
                    ? "dsn=2.0.0, status=sent"
                    : status / 100 == 4
                        ? "dsn=5.3.0, status=bounced"
                        : "dsn=4.3.0, status=deferred";
          };
      assertThat(outcome(ids.get(status)))
          .as("HTTP %d", status)
          .contains(expected + " (HTTP " + status)
          .contains("relay=http://127.0.0.1:" + program.getAddress().getPort() + "/answer, ");
    }
    Request request = POSTED.get(ids.get(200)).getFirst();
    assertThat(request.path).isEqualTo("/answer?token=s3cret");
    assertThat(new String(request.body, UTF_8))
        .contains("\r\nSubject: 200\r\n")
        .endsWith("\r\n\r\nx\r\n");
    assertThat(request.fields)
        .containsEntry("Caravansender", List.of("bob@caravan.test"))
        .containsEntry("Caravanrecipients", List.of("s200@http.example"))
        .containsEntry("Caravanoriginalrecipients", List.of("s200@http.example"))
        .containsEntry("Content-type", List.of("message/rfc822"));
    // the sender is told of the ones that failed, and of no others
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> reports("5.1.1") > 0 && reports("Status: 5.3.0") > 0);
    assertThat(caravan.ask("queue", "list")).doesNotContain("pa55word", "s3cret");
    assertThat(caravan.lines()).noneMatch(line -> line.contains("pa55") || line.contains("s3cret"));
    for (Path report : caravan.maildir("bob")) {
      assertThat(Files.readString(report, ISO_8859_1)).doesNotContain("pa55word", "s3cret");
    }
  }

  @Test
  void anEndpointThatDoesNotAnswerDefersInTime() throws Exception {
    String id = send("a@hangs.example", "Subject: h\r\n\r\n");

    assertThat(outcome(id))
        .contains("dsn=4.4.2", "status=deferred (no answer from the endpoint in 3 s)");
    assertThat(outcome(send("b@files.example", "Subject: f\r\n\r\n"))).contains("status=sent");
  }

  @Test
  void aUriThatMakesNoEndpointWaits() throws Exception {
    String id = send("a@sub.example", "Subject: n\r\n\r\n");
    String typo = send("a@typo.example", "Subject: t\r\n\r\n");

    assertThat(outcome(id))
        .contains("dsn=4.3.5", "relay=nowhere:" + directory)
        .contains("`caravan component add nowhere` adds it");
    assertThat(outcome(typo)).contains("dsn=4.3.5", "{fileNam=xxxxxx}");
    assertThat(caravan.ask("queue", "show", id))
        .contains("camel:nowhere:" + directory)
        .doesNotContain("s3cret");
  }

  /// With the file and the line, and without the password.
  @Test
  void checkNamesThem() throws IOException {
    Path settings = directory.resolve("caravan.yaml");
    Files.writeString(settings, "routing:\n  other: camel:kafka:x?password=s3cret\n");

    assertThatThrownBy(() -> caravan.command(check()))
        .hasMessageContaining("exit 2")
        .hasMessageContaining(
            "texthash:" + table + ", line 5: there is no Camel component nowhere here")
        .hasMessageContaining("line 6: endpoint file:" + directory + "/typo: There are 1 param")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> caravan.command("check", "--config", settings.toString()))
        .hasMessageContaining(
            settings + ":2: routing.other: camel:kafka:x?xxxxxx: there is no Camel component")
        .hasMessageNotContaining("s3cret");
    Files.writeString(settings, "routing:\n  transport: [\"texthash:" + table + "\"]\n");
    assertThatThrownBy(() -> caravan.command("check", "--config", settings.toString()))
        .hasMessageContaining(
            settings + ":2: routing.transport: texthash:" + table + ", line 5: there is no Camel");
  }

  @Test
  void explainShowsNoPassword() throws Exception {
    var words = new ArrayList<>(List.of("explain", "address", "a@http.example"));
    words.addAll(List.of(settings()).subList(0, 2));

    assertThat(caravan.command(words.toArray(String[]::new)))
        .contains("transport: camel", "next hop: http://127.0.0.1:")
        .doesNotContain("pa55word", "s3cret");
  }

  /// What had it may have it again: never less than once.
  @Test
  void aKillInTheMiddleLosesNothing(@TempDir Path other) throws Exception {
    var settings = settings();
    try (var killed = Server.start(other.resolve("var"), settings)) {
      String id = send(killed, "k@hangs.example", "Subject: k\r\n\r\n".getBytes(UTF_8));
      await().until(() -> POSTED.containsKey(id));
      killed.kill();
      int before = POSTED.get(id).size();
      try (var again = Server.start(other.resolve("var"), settings)) {
        await().atMost(Duration.ofSeconds(90)).until(() -> POSTED.get(id).size() > before);
        await().until(() -> again.story(id).stream().anyMatch(l -> l.contains("dsn=4.4.2")));
      }
    }
  }

  private static String[] check() {
    var words = new ArrayList<>(List.of("check"));
    words.addAll(List.of(settings()).subList(0, 2));
    return words.toArray(String[]::new);
  }

  private static long reports(String status) throws IOException {
    long found = 0;
    for (Path report : caravan.maildir("bob")) {
      found += Files.readString(report, ISO_8859_1).contains(status) ? 1 : 0;
    }
    return found;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      post(exchange);
      String recipient = exchange.getRequestHeaders().getFirst("CaravanRecipients");
      exchange.sendResponseHeaders(Integer.parseInt(recipient.substring(1, 4)), -1);
    }
  }

  private static void hang(HttpExchange exchange) throws IOException {
    try (exchange) {
      post(exchange);
      HANG.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void post(HttpExchange exchange) throws IOException {
    var fields = Map.copyOf(exchange.getRequestHeaders());
    byte[] body = exchange.getRequestBody().readAllBytes();
    POSTED
        .computeIfAbsent(
            exchange.getRequestHeaders().getFirst("CaravanId"), _ -> new CopyOnWriteArrayList<>())
        .add(new Request(exchange.getRequestURI().toString(), fields, body));
  }

  private static String send(String to, String text) throws IOException {
    return send(to, text.getBytes(UTF_8));
  }

  private static String send(String to, byte[] text) throws IOException {
    return send(caravan, to, text);
  }

  private static String send(Server server, String to, byte[] text) throws IOException {
    try (var talk = Talk.to(server.smtp)) {
      talk.say("MAIL FROM:<bob@caravan.test>");
      assertThat(talk.say("RCPT TO:<" + to + ">")).startsWith("250");
      assertThat(talk.say("DATA")).startsWith("354");
      String reply = talk.data(text);
      assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
      return reply.substring(reply.lastIndexOf(' ') + 1);
    }
  }

  /// The line of the first attempt.
  private static String outcome(String id) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> caravan.story(id).stream().anyMatch(line -> line.contains(" status=")));
    return caravan.story(id).stream()
        .filter(line -> line.contains(" status="))
        .findFirst()
        .orElseThrow();
  }
}
