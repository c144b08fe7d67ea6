package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.restriction.service.PolicyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One Caravan whose routes have something in every list, and a conversation for each of them:
/// `transcripts/lists/*.smtp`, with `C:` for the client's lines and `S:` for the last line of the
/// reply. The client is a stranger, and the DNS has a name for it.
class RestrictionListsTest {
  private static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts/lists");

  @TempDir static Path directory;
  private static ZoneServer zone;
  private static PolicyServer policy;
  private static Server caravan;

  @BeforeAll
  static void start() throws IOException {
    zone =
        ZoneServer.start(
            """
            1.0.0.127.in-addr.arpa. PTR client.far.example.
            client.far.example.     A 127.0.0.1
            far.example.            MX 10 client.far.example.
            """,
            ".");
    policy = PolicyServer.answering(RestrictionListsTest::decide);
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path lists = Path.of("src/test/resources/transcripts/lists/restrictions.camel.yaml");
    Files.writeString(
        routes.resolve("restrictions.camel.yaml"),
        Files.readString(lists).replace("PORT", String.valueOf(policy.port())));
    Edits.replace(
        routes.resolve("reception.camel.yaml"),
        "              - simple: ${header.stage} == 'message'\n"
            + "                steps:\n"
            + "                  - bean: { ref: senderLogin",
        "              - simple: ${header.stage} == 'data'\n"
            + "                steps:\n"
            + "                  - to: direct:data-restrictions\n"
            + "              - simple: ${header.stage} == 'message'\n"
            + "                steps:\n"
            + "                  - to: direct:end-of-data-restrictions\n"
            + "                  - bean: { ref: senderLogin");
    caravan =
        Server.start(
            directory.resolve("var"),
            "--routes",
            routes.toString(),
            "--set",
            "networks.own=[192.0.2.0/24]",
            "--set",
            "dns.servers=['" + zone.address() + "']");
  }

  private static String decide(String question) {
    if (question.contains("protocol_state=END-OF-MESSAGE")
        && question.contains("recipient_count=2")) {
      return "action=550 5.7.1 two are too many\n\n";
    }
    if (question.contains("sender=ring@far.example")) {
      return "action=turning\n\n";
    }
    return question.contains("sender=grey@far.example")
        ? "action=defer_if_permit Greylisted\n\n"
        : "action=DUNNO\n\n";
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    policy.close();
    zone.close();
  }

  static List<Path> conversations() throws IOException {
    try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
      return files.filter(f -> f.toString().endsWith(".smtp")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void eachListIsAskedInItsPlace(Path conversation) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      String reply = "";
      boolean data = false;
      var message = new StringBuilder();
      for (String line : Files.readAllLines(conversation)) {
        if (line.startsWith("S: ")) {
          assertThat(reply)
              .as("%s: %s", conversation.getFileName(), line)
              .startsWith(line.substring(3));
          data = reply.startsWith("354");
        } else if (line.startsWith("C:") && data && !line.equals("C: .")) {
          message.append(line.length() > 3 ? line.substring(3) : "").append("\r\n");
        } else if (line.equals("C: .")) {
          reply = talk.data(message.toString().getBytes(StandardCharsets.UTF_8));
          message.setLength(0);
          data = false;
        } else if (line.startsWith("C: ")) {
          reply = talk.say(line.substring(3));
        }
      }
    }
  }

  @Test
  void theLogSaysWhatPostfixSays() throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      talk.say("EHLO bad.helo.example");
      talk.say("MAIL FROM:<joe@far.example>");
      talk.say("RCPT TO:<alice@caravan.test>");
    }
    await()
        .until(
            () ->
                caravan.says(
                    "NOQUEUE: reject: RCPT from client.far.example[127.0.0.1]: 554 5.7.1"
                        + " <bad.helo.example>: Helo command rejected: not you;"
                        + " from=<joe@far.example> to=<alice@caravan.test> proto=ESMTP"
                        + " helo=<bad.helo.example>"));
  }

  /// What only a policy server knows cannot be seen before.
  @Test
  void aRestrictionClassThatNamesItselfEndsWithADeferral() throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      talk.say("MAIL FROM:<ring@far.example>");
      assertThat(talk.say("RCPT TO:<alice@caravan.test>"))
          .isEqualTo("451 4.3.5 Server configuration error");
      assertThat(talk.say("RSET")).startsWith("250");
      talk.say("MAIL FROM:<joe@far.example>");
      assertThat(talk.say("RCPT TO:<alice@caravan.test>")).startsWith("250");
    }
    await().until(() -> caravan.says("restrictions: more than 100 within each other"));
  }

  @Test
  void aPrependedFieldStandsAboveOurOwn() throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(
              talk.send("top@far.example", "alice@caravan.test", "Subject: topped\r\n\r\nhi\r\n"))
          .startsWith("250 ");
    }
    await()
        .untilAsserted(
            () -> {
              var texts = new ArrayList<String>();
              for (Path file : caravan.maildir("alice")) {
                texts.add(Files.readString(file));
              }
              assertThat(texts)
                  .anyMatch(
                      text -> text.matches("(?s).*X-Top: yes\\R+Received: .*Subject: topped.*"));
            });
  }

  @Test
  void aHeldMessageWaitsForTheOperator() throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      String reply =
          talk.send("odd@far.example", "alice@caravan.test", "Subject: odd\r\n\r\nhi\r\n");
      String id = reply.replaceFirst(".* as ", "");
      assertThat(caravan.ask("queue", "list", "hold")).contains(id);
    }
  }

  @Test
  void aPolicyServerIsToldWhatIsKnown() throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      talk.say("EHLO client.far.example");
      talk.say("MAIL FROM:<known@far.example> SIZE=1234 AUTH=sue+2Bx@far.example");
      talk.say("RCPT TO:<alice@caravan.test>");
    }
    await()
        .until(
            () ->
                policy.questions().stream().anyMatch(q -> q.contains("sender=known@far.example")));
    String question =
        policy.questions().stream()
            .filter(q -> q.contains("sender=known@far.example"))
            .findFirst()
            .orElseThrow();
    assertThat(question)
        .startsWith("request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\n")
        .contains("client_address=127.0.0.1\nclient_name=client.far.example\n")
        .contains("reverse_client_name=client.far.example\nserver_address=127.0.0.1\n")
        .contains("server_port=" + caravan.smtp + "\nhelo_name=client.far.example\n")
        .contains("\nsasl_sender=sue+2Bx@far.example\n")
        .contains("recipient=alice@caravan.test\nrecipient_count=0\n")
        .contains("size=1234\n")
        .containsPattern("instance=[0-9a-f]+\n");
  }
}
