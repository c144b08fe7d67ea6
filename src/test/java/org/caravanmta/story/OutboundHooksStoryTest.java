package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;
import org.caravanmta.filter.hooks.ScriptedService;
import org.caravanmta.filter.hooks.ScriptedService.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services that hear of deliveries and reports, and change them, at a real server that sends to
/// another; one of them is down all the time.
class OutboundHooksStoryTest {
  @TempDir static Path directory;

  /// What the other server got, by recipient.
  private static final Map<String, List<String>> TAKEN = new ConcurrentHashMap<>();

  private static final Map<String, AtomicInteger> TRIES = new ConcurrentHashMap<>();

  /// What a service answers, by stage and the user of the first recipient.
  private static final Map<String, String> SAID = new ConcurrentHashMap<>();

  private static ScriptedService service;

  /// Asked after the other has been.
  private static ScriptedService after;

  private static ReceivingServer next;
  private static Server caravan;

  @BeforeAll
  static void start() throws IOException {
    service =
        new ScriptedService()
            .answering(
                json ->
                    Optional.ofNullable(SAID.get(json.getString("stage") + " " + user(json)))
                        .map(said -> Answer.of(200, said)));
    after = new ScriptedService();
    next = ReceivingServer.start("127.0.0.1", 0, "250 8BITMIME", OutboundHooksStoryTest::take);
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + next.port(),
            "--set",
            "queue.lanes=[1s,1h]",
            "--set",
            "recipients.own=[]",
            "--set",
            ("filters.outbound=['http http://127.0.0.1:%d/register stages=delivery',"
                    + "'http %s token=%s','http %s token=%s stages=delivery+defer']")
                .formatted(
                    Ports.free(),
                    service.url(),
                    ScriptedService.TOKEN,
                    after.url(),
                    ScriptedService.TOKEN));
  }

  @AfterAll
  static void stop() throws IOException {
    caravan.close();
    next.close();
    service.close();
    after.close();
  }

  private static String user(JsonObject json) {
    String address =
        json.getJsonObject("envelope").getJsonArray("to").getJsonObject(0).getString("address");
    return address.replaceFirst("@.*", "");
  }

  /// `never` is refused, `first` refused and `later` deferred the first time.
  private static String take(ReceivingServer.Message message) {
    String user = message.recipients().getFirst().replaceFirst("@.*", "");
    int tries = TRIES.computeIfAbsent(user, _ -> new AtomicInteger()).incrementAndGet();
    if (user.startsWith("never") || user.startsWith("first") && tries == 1) {
      return "550 5.1.1 unknown user";
    }
    if (user.startsWith("later") && tries == 1 || user.startsWith("busy")) {
      return "451 4.2.0 not now";
    }
    TAKEN.computeIfAbsent(user, _ -> new CopyOnWriteArrayList<>()).add(message.text());
    return "250 2.0.0 Ok";
  }

  private static void send(String sender, String user) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(
              talk.send(
                  sender + "@caravan.test",
                  user + "@far.example",
                  "Subject: " + user + "\r\n\r\nhello\r\n"))
          .startsWith("250");
    }
  }

  private static void says(String stage, String user, String json) {
    SAID.put(stage + " " + user, json);
  }

  private static List<JsonObject> asked(String stage, String user) {
    return service.asked.stream()
        .map(ScriptedService.Asked::body)
        .filter(json -> json.getString("stage").equals(stage) && user(json).equals(user))
        .toList();
  }

  private static String set(String path, String value) {
    return "[{\"op\":\"replace\",\"path\":\"/envelope/to/0/%s\",\"value\":%s}]"
        .formatted(path, value);
  }

  private static String reportTo(String user) throws IOException {
    await().atMost(Duration.ofSeconds(60)).until(() -> !caravan.maildir(user).isEmpty());
    return Files.readString(caravan.maildir(user).getFirst(), StandardCharsets.ISO_8859_1);
  }

  private static void awaitLine(String text) {
    await().atMost(Duration.ofSeconds(60)).until(() -> caravan.says(text));
  }

  @Test
  void hearsOfADeliveryAsItIs() throws Exception {
    send("ann", "good");
    await().atMost(Duration.ofSeconds(60)).until(() -> asked("delivery", "good").size() == 1);
    JsonObject told = asked("delivery", "good").getFirst();
    assertThat(told.getJsonObject("envelope").getJsonArray("to").getJsonObject(0))
        .hasToString(
            "{\"address\":\"good@far.example\",\"parameters\":{},\"status\":\"delivered\","
                + "\"attempt\":1,\"lastResponse\":{\"code\":250,\"enhancedCode\":\"2.0.0\","
                + "\"message\":\"Ok\"},\"nextAttemptAt\":null,\"nextDsnAt\":null,"
                + "\"queueName\":null}");
    assertThat(
            service.asked.stream()
                .filter(asked -> user(asked.body()).equals("good"))
                .findFirst()
                .orElseThrow()
                .raw())
        .contains("\r\n\r\nhello\r\n");
    assertThat(asked("defer", "good")).isEmpty();
    assertThat(TAKEN.get("good")).hasSize(1);
  }

  @Test
  void whatHasFailedIsTriedAgain() throws Exception {
    says("delivery", "first", set("status", "\"deferred\""));
    send("bob", "first");
    // the next attempt is told as it is
    await().atMost(Duration.ofSeconds(60)).until(() -> asked("defer", "first").size() == 1);
    SAID.remove("delivery first");
    await().atMost(Duration.ofSeconds(60)).until(() -> TAKEN.containsKey("first"));
    assertThat(TAKEN.get("first")).hasSize(1);
    assertThat(caravan.says("delivery: first@far.example: failed -> deferred")).isTrue();
    assertThat(asked("dsn", "first")).isEmpty();
    assertThat(caravan.maildir("bob")).isEmpty();
  }

  @Test
  void whatHasFailedIsReportedToNobody() throws Exception {
    says("delivery", "never-silent", set("status", "\"failed-silent\""));
    send("carl", "never-silent");
    awaitLine("delivery: never-silent@far.example: failed -> failed-silent");
    send("carl", "never-told");
    assertThat(reportTo("carl")).contains("never-told@far.example").doesNotContain("never-silent");
    assertThat(caravan.maildir("carl")).hasSize(1);
  }

  @Test
  void whatWaitsIsGivenUpInTheServicesWords() throws Exception {
    says(
        "defer",
        "busy-fails",
        """
        [{"op": "replace", "path": "/envelope/to/0/status", "value": "failed"},
         {"op": "replace", "path": "/envelope/to/0/lastResponse",
          "value": {"code": 550, "enhancedCode": "5.7.26", "message": "Enough of it"}}]
        """);
    send("dora", "busy-fails");
    assertThat(reportTo("dora")).contains("5.7.26", "Enough of it");
    assertThat(TRIES.get("busy-fails")).hasValue(1);
  }

  @Test
  void whatWaitsIsCancelled() throws Exception {
    says("defer", "busy-cancel", "{\"set\":[{\"path\":\"/action\",\"value\":\"cancel\"}]}");
    send("emil", "busy-cancel");
    awaitLine("delivery was cancelled");
    // a report of what was sent later has come, and none before it
    send("emil", "never-emil");
    assertThat(reportTo("emil")).contains("never-emil@far.example");
    assertThat(caravan.maildir("emil")).hasSize(1);
    assertThat(caravan.ask("queue", "list")).doesNotContain("busy-cancel");
    assertThat(TRIES.get("busy-cancel")).hasValue(1);
    assertThat(after.asked.stream().map(asked -> user(asked.body())))
        .contains("never-emil")
        .doesNotContain("busy-cancel");
  }

  @Test
  void theNextAttemptIsLater() throws Exception {
    says(
        "defer", "later-long", set("nextAttemptAt", "\"" + Instant.now().plusSeconds(1800) + "\""));
    send("fred", "later-long");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> caravan.ask("queue", "list", "deferred.1h").contains("later-long@far.example"));
    assertThat(TRIES.get("later-long")).hasValue(1);
  }

  @Test
  void theNextAttemptHasAnotherField() throws Exception {
    says(
        "defer",
        "later-field",
        """
        {"add": [{"path": "/message/headers", "index": 1,
                  "value": {"name": "X-Deferred", "value": "once"}}]}
        """);
    send("gina", "later-field");
    await().atMost(Duration.ofSeconds(60)).until(() -> TAKEN.containsKey("later-field"));
    assertThat(TAKEN.get("later-field").getFirst()).containsOnlyOnce("X-Deferred: once");
  }

  @Test
  void aReportIsChangedOrKeptBack() throws Exception {
    says("dsn", "never-quiet", "[{\"op\":\"remove\",\"path\":\"/rawMessage\"}]");
    send("hugo", "never-quiet");
    awaitLine("dsn: no report is sent");
    says(
        "dsn",
        "never-signed",
        """
        {"add": [{"path": "/message/headers", "index": 0,
                  "value": {"name": "X-Report-Seen", "value": "yes"}}]}
        """);
    send("hugo", "never-signed");
    assertThat(reportTo("hugo"))
        .contains("X-Report-Seen: yes")
        .contains("never-signed@far.example");
    assertThat(caravan.maildir("hugo")).hasSize(1);
  }

  @Test
  void aServiceThatIsDownOrTalksNonsenseChangesNothing() throws Exception {
    says("delivery", "never-nonsense", set("status", "\"lost\""));
    send("ida", "never-nonsense");
    assertThat(reportTo("ida")).contains("never-nonsense@far.example");
    awaitLine("default_action=unchanged");
    for (int i = 0; i < 6; i++) {
      send("ida", "well-" + i);
    }
    awaitLine("stages=delivery: http://127.0.0.1");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> TAKEN.keySet().stream().filter(user -> user.startsWith("well")).count() == 6);
    awaitLine("fails again and again");
    assertThat(TAKEN.values()).allMatch(got -> got.size() == 1);
  }
}
