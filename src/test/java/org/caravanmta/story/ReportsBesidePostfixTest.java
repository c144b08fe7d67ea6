package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravanmta.peers.PrivatePostfix;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The same mail that fails, arrives, is passed on or waits, at a Postfix and at a Caravan of the
/// same settings: the reports that come of it have the same parts, the same fields and the same
/// order (RFC 3461, RFC 3464), but for what {@link #DIFFERENCES} declares. Debian's package
/// postfix; needs root.
@Execution(ExecutionMode.CONCURRENT)
class ReportsBesidePostfixTest {
  private static final String HOST = "mx.own.example";

  private static final String HEADER =
      "Message-ID: <7@home.example>\r\nReferences: <5@home.example>\r\nSubject: x\r\n\r\n";

  /// One message.
  ///
  /// @param name its sender is NAME@home.example; empty for the null reverse path
  /// @param mail the parameters of MAIL
  /// @param rcpts the arguments of RCPT
  private record Letter(String name, String mail, List<String> rcpts, String content) {
    static Letter of(String name, String mail, String... rcpts) {
      return new Letter(name, mail, List.of(rcpts), HEADER + "hello\r\n");
    }
  }

  /// Acceptance rows 163, 182, 193 to 200, 203 and 204, each beside Postfix.
  private static final List<Letter> LETTERS =
      List.of(
          Letter.of("failed", "", "<bad@far.example>"),
          Letter.of("some", "", "<bad@far.example>", "<good@far.example>", "<worse@far.example>"),
          Letter.of(
              "named",
              " RET=HDRS ENVID=Q+2B1",
              "<bad@far.example> ORCPT=rfc822;Bad+2Bx@Far.example"),
          Letter.of("never", "", "<bad@far.example> NOTIFY=NEVER"),
          Letter.of("delayonly", "", "<bad@far.example> NOTIFY=DELAY"),
          Letter.of("", "", "<bad@far.example>"),
          Letter.of("relayed", " RET=FULL", "<good@far.example> NOTIFY=SUCCESS"),
          Letter.of("passed", " ENVID=7", "<good@dsn.example> NOTIFY=SUCCESS,FAILURE"),
          Letter.of(
              "alias", "", "<team@va.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;team@va.example"),
          Letter.of("locals", "", "<both@own.example> NOTIFY=SUCCESS,FAILURE"),
          Letter.of("localsquiet", "", "<both@own.example> NOTIFY=SUCCESS"),
          Letter.of("list", " RET=HDRS ENVID=9", "<list@own.example> NOTIFY=SUCCESS,FAILURE"),
          Letter.of(
              "verp", " XVERP", "<bad@far.example>", "<worse@far.example>", "<good@far.example>"),
          Letter.of("verpalias", " XVERP=-=", "<team@va.example> NOTIFY=FAILURE"),
          Letter.of("forward", " ENVID=f", "<man@own.example> NOTIFY=SUCCESS,FAILURE"),
          Letter.of("command", "", "<broken@own.example>"),
          Letter.of("error", "", "<shut@own.example>"),
          Letter.of("user", "", "<daemon@own.example> NOTIFY=SUCCESS"),
          Letter.of(
              "late", " ENVID=late RET=FULL", "<slow@far.example> ORCPT=rfc822;s@far.example"),
          Letter.of("latequiet", "", "<slow@far.example> NOTIFY=FAILURE"),
          new Letter(
              "large",
              "",
              List.of("<bad@far.example>"),
              HEADER + ("x".repeat(70) + "\r\n").repeat(800)),
          new Letter("eight", " BODY=8BITMIME", List.of("<bad@far.example>"), HEADER + "grüße\r\n"),
          new Letter(
              "utf8",
              " SMTPUTF8",
              List.of("<böse@far.example>"),
              "X: grüße\r\n" + HEADER + "x\r\n"),
          Letter.of("utf8plain", " SMTPUTF8", "<böse@far.example>"),
          new Letter(
              "utf8named",
              " SMTPUTF8",
              List.of("<böse@far.example> ORCPT=utf-8;b\\x{F6}se@far.example"),
              "X: grüße\r\n" + HEADER + "x\r\n"));

  /// Where a report of ours differs from Postfix's, and why.
  ///
  /// @param to whom the report is for, up to the `@`; empty for all
  /// @param ours a pattern
  /// @param postfix what Postfix has in its place
  private record Difference(String to, String ours, String postfix) {}

  private static final List<Difference> DIFFERENCES =
      List.of(
          // whose they are
          new Difference("", "X-Caravan", "X-Postfix"),
          new Difference("", "Message-ID: ", "Message-Id: "),
          // only what has eight bits is declared to have them (RFC 2045 §2.8)
          new Difference("", "Encoding: 7bit", "Encoding: 8bit"),
          new Difference(
              "",
              "message/delivery-status\nContent-Transfer-Encoding: 8bit",
              "message/delivery-status"),
          // what has happened, in more words
          new Difference("", "forwarded as ID", "alias expanded"),
          new Difference("command", "Service unavailable", "service unavailable"),
          // the reverse path is the one that the message has had
          new Difference(
              "", "(Sender: rfc822; |Return-Path: <)(verp|verpalias)[+-][^@ ]+@home", "$1$2@home"),
          // a reply of several lines is one text
          new Difference("", "554 5.7.1 not you go", "554-5.7.1 not you 554 5.7.1 go"),
          // an address beyond ASCII is not of type rfc822 (RFC 6533 §3)
          new Difference("utf8", "Original-Recipient: utf-8;", "Original-Recipient: rfc822;"),
          // an address of ASCII may have a server that knows nothing of RFC 6533: without fields
          // that
          // only its types can hold, the report has none of them
          new Difference(
              "utf8plain",
              "message/delivery-status",
              "message/global-delivery-status\nContent-Transfer-Encoding: 8bit"),
          new Difference("utf8plain", "message/rfc822", "message/global"),
          new Difference("utf8plain", "utf-8; b.*se@", "utf-8; böse@"),
          new Difference("utf8plain", "utf-8;b.*se@", "rfc822;böse@"),
          // what the poster to a list asked for is not what the list asks for (RFC 3461 §5.2.7.4)
          new Difference(
              "keeper", "(dns; HOST\n)( *[|] X-Postfix-Q)", "$1  | Original-Envelope-Id: 9\n$2"),
          new Difference(
              "keeper",
              "Undelivered Message\n(.*) message/rfc822\n(.*)\n  whole",
              "Undelivered Message Headers\n$1 text/rfc822-headers\n$2\n  header section"));

  @TempDir static Path directory;

  @Test
  void areTheSame() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/postfix")), "SKIPPED: apt-get install postfix");
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    Map<String, String> expected = postfix();
    Map<String, String> ours = caravan();
    assertThat(expected)
        .hasSizeGreaterThan(15)
        .doesNotContainKeys("never", "delayonly", "latequiet");
    assertThat(ours).isEqualTo(expected);
  }

  /// The sender's server, and one that refuses some and reports nothing, and one that reports.
  private static final class Servers implements AutoCloseable {
    final TestServer home =
        TestServer.start().offering("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 0");
    final TestServer far =
        TestServer.start()
            .offering("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 0")
            .on("RCPT TO:<bad", "550 5.1.1 <bad@far.example>: Recipient address rejected: no user")
            .on("RCPT TO:<böse", "550 5.1.1 nobody here")
            .on("RCPT TO:<slow", "450 4.2.0 <slow@far.example>: Recipient address rejected: later")
            .on("RCPT TO:<worse", "554-5.7.1 not you\n554 5.7.1 go away");
    final TestServer dsn = TestServer.start().offering("PIPELINING", "8BITMIME", "DSN", "SIZE 0");

    String transports() {
      return "inline:{{home.example=smtp:%s}, {far.example=smtp:%s}, {dsn.example=smtp:%s}, {closed.example=error:5.7.1 closed for now}}"
          .formatted(home.nextHop(), far.nextHop(), dsn.nextHop());
    }

    @Override
    public void close() {
      home.close();
      far.close();
      dsn.close();
    }
  }

  private static Map<String, String> postfix() throws Exception {
    Path place = place("postfix");
    PrivatePostfix.write(
        Files.createDirectories(place.resolve("etc")).resolve("main.cf"),
        "compatibility_level = 3.6\n");
    var postalias =
        List.of("/usr/sbin/postalias", "-c", place + "/etc", "hash:" + place.resolve("aliases"));
    assertThat(new ProcessBuilder(postalias).inheritIO().start().waitFor()).isZero();
    try (var servers = new Servers();
        var postfix =
            PrivatePostfix.start(
                directory.resolve("private"),
                """
                myhostname = %1$s
                mydestination = own.example
                myorigin = own.example
                mynetworks = 127.0.0.0/8
                alias_maps = hash:%2$s/aliases
                local_recipient_maps =
                mail_spool_directory = %2$s/spool
                transport_maps = %3$s
                virtual_alias_maps = inline:{{team@va.example=good@far.example, bad@far.example}}
                virtual_alias_domains = va.example
                enable_threaded_bounces = yes
                delay_warning_time = 1s
                minimal_backoff_time = 1s
                queue_run_delay = 1s
                smtpd_authorized_verp_clients = 127.0.0.0/8
                forward_path = %2$s/home/$user/.forward
                notify_classes =
                """
                    .formatted(HOST, place, servers.transports()))) {
      return reports(postfix.port, servers);
    }
  }

  private static Map<String, String> caravan() throws Exception {
    Path place = place("caravan");
    try (var servers = new Servers()) {
      Path settings =
          Files.writeString(
              directory.resolve("caravan.yaml"),
              """
              domains:
                own: [own.example]
                virtual: [va.example]
              recipients:
                own: ["inline:{daemon=x, man=x}"]
              routing:
                transport: ["%2$s"]
              rewriting:
                origin: own.example
                virtual-aliases: ["inline:{{team@va.example=good@far.example, bad@far.example}}"]
              report:
                threaded: true
              smtp:
                verp:
                  clients: [127.0.0.0/8]
              queue:
                delay-warning: 1s
                lanes: [1s]
              local:
                aliases: ["hash:%1$s/aliases"]
                mailbox: %1$s/spool/%%u
                forward: %1$s/home/%%u/.forward
              """
                  .formatted(place, servers.transports()));
      try (var caravan =
          Server.start(
              directory.resolve("data"),
              "--config",
              settings.toString(),
              "--set",
              "hostname=" + HOST)) {
        Map<String, String> ours = reports(caravan.smtp, servers);
        ours.replaceAll(ReportsBesidePostfixTest::declared);
        return ours;
      }
    }
  }

  private static String declared(String to, String ours) {
    String text = ours;
    for (Difference one : DIFFERENCES) {
      if (one.to().isEmpty() || one.to().equals(to)) {
        text = text.replaceAll(one.ours(), one.postfix());
      }
    }
    return text;
  }

  private static Path place(String name) throws IOException {
    Path place = Files.createDirectory(directory.resolve(name));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        Files.createDirectory(place.resolve("spool")),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    Path home = Files.createDirectories(place.resolve("home/man"));
    Path forward =
        PrivatePostfix.write(home.resolve(".forward"), "bad@far.example, good@far.example\n");
    var man = home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("man");
    Files.setOwner(home, man);
    Files.setOwner(forward, man);
    PrivatePostfix.write(
        place.resolve("aliases"),
        """
        both: good@far.example, bad@far.example
        list: good@far.example, bad@far.example
        owner-list: keeper@home.example
        shut: x@closed.example
        broken: "|echo it is broken; exit 69"
        """);
    return place;
  }

  /// Sends all, and outlines the reports that come back, by whom they are for.
  private static Map<String, String> reports(int port, Servers servers) throws IOException {
    for (Letter letter : LETTERS) {
      String sender = letter.name().isEmpty() ? "" : letter.name() + "@home.example";
      try (Talk talk = Talk.to(port)) {
        assertThat(talk.say("MAIL FROM:<" + sender + ">" + letter.mail()))
            .as(letter.name())
            .startsWith("250");
        for (String rcpt : letter.rcpts()) {
          assertThat(talk.say("RCPT TO:" + rcpt)).as(letter.name()).startsWith("250");
        }
        assertThat(talk.say("DATA")).startsWith("354");
        assertThat(talk.data(letter.content().getBytes(UTF_8))).startsWith("250");
      }
    }
    // one for each, two for those whom two things have happened to, and what should not come
    var seen = new int[] {-1};
    await()
        .pollInterval(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              int before = seen[0];
              seen[0] = servers.home.received().size();
              return before == seen[0];
            });
    Map<String, String> found = new TreeMap<>();
    servers.home.received().stream()
        .map(report -> ReportOutline.of(report, HOST))
        .sorted()
        .forEach(
            outline ->
                found.merge(
                    outline.substring(outline.indexOf('[') + 1, outline.indexOf('@')),
                    outline,
                    (one, other) -> one + "\n\n" + other));
    found.put(
        "asked of the server that reports",
        servers.dsn.commands().stream()
            .filter(command -> command.startsWith("MAIL"))
            .map(command -> command.replaceAll(" SIZE=\\d+", ""))
            .sorted()
            .collect(Collectors.joining("\n")));
    found.put(
        "reverse paths",
        servers.far.commands().stream()
            .filter(command -> command.startsWith("MAIL FROM:<verp"))
            .map(command -> command.replaceAll("> .*", ">"))
            .distinct()
            .sorted()
            .collect(Collectors.joining("\n")));
    return found;
  }
}
