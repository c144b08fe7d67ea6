package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One server with a domain for each transport that other stories have no use for: what a message
/// for it comes to, from the client's last line to the log's.
class EachTransportTest {
  private static final String MAIL = "Subject: a transport\r\nX-Seq: %s\r\n\r\nhello\r\n";

  /// A stage of the operator's that breaks on each message.
  private static final String BREAKS =
      """
      - route:
          id: delivery.breaks
          routeConfigurationId: failure
          from:
            uri: artemis:delivery.breaks
            parameters: { settle: individual, window: 10 }
            steps:
              - filter:
                  simple: ${body.size} > 0
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: out of order
              - bean: { ref: discardDelivery, method: deliver }
              - bean: { ref: retry, method: settle }
              - to: artemis:report
      """;

  @TempDir static Path directory;
  private static Path noted;
  private static Sink store;
  private static Server caravan;

  @BeforeAll
  static void start() throws IOException {
    store = Sink.start();
    // for the program, which does not run as root
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    noted = Files.createDirectory(directory.resolve("noted"));
    Files.setPosixFilePermissions(noted, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("breaks.camel.yaml"), BREAKS);
    String me = System.getProperty("user.name");
    caravan =
        Server.start(
            directory.resolve("var"),
            "--routes",
            routes.toString(),
            "--set",
            "routing.transport=['inline:{store.example=lmtp:[127.0.0.1]:%d, program.example=note:,"
                    .formatted(store.port)
                + " {gone.example=error:5.1.2 nobody is there},"
                + " {later.example=retry:4.3.2 not today}, drop.example=discard:dropped,"
                + " broken.example=breaks:, bulk.example=bulk:[127.0.0.1]:%d}']"
                    .formatted(store.port),
            "--set",
            "delivery.transports=[\"bulk smtp -o outgoing.helo-name=bulk.caravan.test"
                + " -o sources.usual=bulk -o outgoing.recipient-limit=1\"]",
            "--set",
            "delivery.sources.pools=[bulk 127.0.0.7]",
            "--set",
            "delivery.programs=[\"note user=%s argv=/usr/bin/tee %s/${user}\"]"
                .formatted(me.equals("root") ? "nobody" : me, noted),
            "--set",
            "domains.virtual-mailboxes=[boxes.example]",
            "--set",
            "recipients.virtual=['inline:{ann@boxes.example=boxes/ann/}']",
            "--set",
            // a client would be told of these at once
            "local.aliases=['inline:{gone=ann@gone.example, later=ann@later.example}']",
            "--set",
            "queue.lanes=[1s]",
            "--set",
            "queue.fault-limit=2");
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    store.close();
  }

  @Test
  void aStoreTakesItByLmtp() throws Exception {
    String id = send("ann@store.example", "lmtp");

    assertThat(came(id, "status=sent"))
        .contains("to=<ann@store.example>", "relay=127.0.0.1[127.0.0.1]:" + store.port);
    assertThat(store.arrived).containsKey("lmtp");
  }

  /// As smtp does, with settings of its own, from a queue of its own.
  @Test
  void aTransportOfTheSettingsHasSettingsOfItsOwn() throws Exception {
    String id = send("ann@bulk.example", "bulk");

    assertThat(came(id, "status=sent"))
        .contains("to=<ann@bulk.example>", "relay=127.0.0.1[127.0.0.1]:" + store.port);
    assertThat(store.hello()).isEqualTo("EHLO bulk.caravan.test");
    assertThat(store.arrived).containsKey("bulk");
  }

  @Test
  void aProgramReadsItFromItsInput() throws Exception {
    String id = send("ann@program.example", "pipe");

    assertThat(came(id, "status=sent"))
        .contains("relay=note", "status=sent (delivered via note service");
    assertThat(Files.readString(noted.resolve("ann"))).contains("\nX-Seq: pipe\n", "\n\nhello\n");
  }

  @Test
  void aVirtualMailboxHoldsIt() throws Exception {
    String id = send("ann@boxes.example", "virtual");

    assertThat(came(id, "status=sent")).contains("relay=virtual", "(delivered to maildir)");
    try (var files = Files.list(caravan.data.resolve("mail/boxes/ann/new"))) {
      List<Path> messages = files.toList();
      assertThat(messages).hasSize(1);
      assertThat(Files.readString(messages.getFirst()))
          .contains("Delivered-To: ann@boxes.example\n", "\nX-Seq: virtual\n", "\n\nhello\n");
    }
  }

  @Test
  void whatTheTableFailsIsReported() throws Exception {
    send("gone@caravan.test", "error");

    await().until(() -> !attempts("ann@gone.example").isEmpty());
    assertThat(attempts("ann@gone.example").getFirst())
        .contains("relay=none", "dsn=5.1.2", "status=bounced (nobody is there)");
    await().until(() -> caravan.maildir("bob").size() == 1);
    assertThat(Files.readString(caravan.maildir("bob").getFirst()))
        .contains("Final-Recipient: rfc822; ann@gone.example\n", "\nStatus: 5.1.2\n");
  }

  /// And is routed again from its lane.
  @Test
  void whatTheTableDefersIsTriedAgain() throws Exception {
    send("later@caravan.test", "retry");

    await().until(() -> attempts("ann@later.example").size() > 1);
    assertThat(attempts("ann@later.example"))
        .allSatisfy(line -> assertThat(line).contains("dsn=4.3.2", "status=deferred (not today)"));
  }

  @Test
  void whatTheTableDropsIsSaidToBeSent() throws Exception {
    String id = send("ann@drop.example", "discard");

    assertThat(came(id, "status=sent")).contains("to=<ann@drop.example>", "(dropped)");
  }

  /// Never a bounce: it waits, breaks it again, and is set aside for the operator.
  @Test
  void whatBreaksAStageIsSetAside() throws Exception {
    String id = send("ann@broken.example", "broken");

    assertThat(came(id, "set aside as dead: a stage broke on it 2 times")).isNotEmpty();
    assertThat(caravan.story(id))
        .anyMatch(line -> line.contains("a stage broke on it, waits in deferred.1s"))
        .noneMatch(line -> line.contains("status="));
    await().untilAsserted(() -> assertThat(caravan.ask("queue", "list", "dead")).contains(id));
  }

  /// The id under which a message was taken.
  private static String send(String to, String sequence) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      String reply = talk.send("bob@caravan.test", to, MAIL.formatted(sequence));
      assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
      return reply.substring(reply.lastIndexOf(' ') + 1);
    }
  }

  private static List<String> attempts(String recipient) {
    return caravan.lines().stream()
        .filter(line -> line.contains("to=<" + recipient + ">") && line.contains("status="))
        .toList();
  }

  private static String came(String id, String what) {
    await().until(() -> caravan.story(id).stream().anyMatch(line -> line.contains(what)));
    return caravan.story(id).stream().filter(line -> line.contains(what)).findFirst().orElseThrow();
  }
}
