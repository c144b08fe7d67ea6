package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same milter at a real Postfix and at Caravan: it is told the same commands with the same
/// macros in the same order, and the client gets the same replies.
class MilterBesidePostfixTest {
  @TempDir static Path directory;
  private static ScriptedMilter ofPostfix;
  private static ScriptedMilter ofCaravan;
  private static PrivatePostfix postfix;
  private static Server caravan;

  /// @param answers what the milter answers
  /// @param agreed what it has agreed to
  record Row(String name, Consumer<ScriptedMilter> script, List<String> lines) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    ofPostfix = new ScriptedMilter();
    ofCaravan = new ScriptedMilter();
    postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = mx.example.com
            mydestination = example.com
            local_recipient_maps =
            local_transport = discard:
            default_transport = discard:
            smtpd_milters = %s
            milter_macro_v = MTA 1.0
            milter_default_action = tempfail
            smtpd_peername_lookup = no
            mynetworks = 127.0.0.0/8
            local_header_rewrite_clients =
            smtpd_authorized_xclient_hosts = 127.0.0.0/8
            """
                .formatted(ofPostfix.address()));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "hostname=mx.example.com",
            "--set",
            "domains.own=[example.com]",
            "--set",
            "recipients.own=[]",
            "--set",
            "routing.local=discard",
            "--set",
            "routing.other=discard",
            "--set",
            "filters.macros.version=MTA 1.0",
            "--set",
            "smtp.client-name-lookup=false",
            "--set",
            "rewriting.local-clients=[]",
            "--set",
            "smtp.xclient-hosts=[127.0.0.0/8]",
            "--routes",
            FilterRoutes.in(
                    directory.resolve("routes"),
                    "- bean: { ref: \"milter " + ofCaravan.address() + "\" }\n")
                .toString());
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    postfix.close();
    ofPostfix.close();
    ofCaravan.close();
  }

  static List<Row> rows() {
    List<String> whole =
        List.of(
            "EHLO client.example",
            "MAIL FROM:<s@example.org> SIZE=100 BODY=8BITMIME",
            "RCPT TO:<b@example.com> NOTIFY=FAILURE ORCPT=rfc822;b@example.com",
            "RCPT TO:<c@example.com>",
            "DATA",
            "From: a@example.org\r\nTo:b@example.com\r\nSubject:  two\r\n\tlines\r\nX-Empty:\r\n"
                + "Message-ID: <1@x>\r\nDate: Mon, 30 Nov 2026 00:19:24 +0000\r\n\r\nhello\r\n.",
            "FOO bar",
            "MAIL FROM:<>",
            "RCPT TO:<x@example.com>",
            "RSET",
            "MAIL FROM:<s2@example.org>",
            "HELO other",
            "QUIT");
    return List.of(
        new Row("all", milter -> {}, whole),
        new Row(
            "another client",
            milter -> {},
            List.of(
                "EHLO proxy.example",
                "XCLIENT NAME=far.example ADDR=192.0.2.7",
                "EHLO far.example",
                "MAIL FROM:<s@example.org>",
                "RCPT TO:<b@example.com>",
                "RSET",
                "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.8",
                "EHLO other.example",
                "QUIT")),
        new Row("nothing at all", milter -> {}, List.of("QUIT")),
        new Row(
            "a command that is none",
            milter -> {},
            List.of("EHLO client.example", "FOO  bar\tbaz <x@example.com>  ", "foo", "QUIT")),
        new Row(
            "nothing but the end",
            milter -> milter.agrees(6, 0x1ff, 0x7f | 0x100 | 0x200, java.util.Map.of()),
            whole.subList(0, 6)),
        new Row("connect reject", milter -> milter.answers('C', packet('r')), refused()),
        new Row("connect tempfail", milter -> milter.answers('C', packet('t')), refused()),
        new Row("connect accept", milter -> milter.answers('C', packet('a')), whole),
        new Row(
            "helo reply",
            milter -> milter.answers('H', packet('y', text("551 5.7.9 go away"))),
            refused()),
        new Row("mail reject", milter -> milter.answers('M', packet('r')), whole),
        new Row(
            "mail 421",
            milter -> milter.answers('M', packet('y', text("421 4.7.0 bye"))),
            List.of("EHLO client.example", "MAIL FROM:<s@example.org>")),
        new Row("mail accept", milter -> milter.answers('M', packet('a')), whole),
        new Row("mail discard", milter -> milter.answers('M', packet('d')), whole),
        new Row("rcpt reject", milter -> milter.answers('R', packet('r')), whole),
        new Row(
            "rcpt tempfail, then reply",
            milter ->
                milter
                    .answers('R', packet('t'))
                    .answers('R', packet('y', text("550-5.7.1 one\r\n550 5.7.1 two"))),
            List.of(
                "EHLO client.example",
                "MAIL FROM:<s@example.org>",
                "RCPT TO:<b@example.com>",
                "RCPT TO:<c@example.com>",
                "RCPT TO:<d@example.com>",
                "QUIT")),
        new Row(
            "data reject",
            milter -> milter.answers('T', packet('r')),
            List.of(
                "EHLO client.example",
                "MAIL FROM:<s@example.org>",
                "RCPT TO:<b@example.com>",
                "DATA",
                "QUIT")),
        new Row(
            "unknown reject",
            milter -> milter.answers('U', packet('r')),
            List.of("EHLO client.example", "FOO", "FOO", "QUIT")),
        new Row("header reject", milter -> milter.answers('L', packet('r')), whole),
        new Row("body skip", milter -> milter.answers('B', packet('s')), whole),
        new Row(
            "end reply",
            milter -> milter.answers('E', packet('y', text("554 5.7.1 no, 100%% no"))),
            whole),
        new Row("end tempfail", milter -> milter.answers('E', packet('t')), whole),
        new Row("end discard", milter -> milter.answers('E', packet('d')), whole),
        new Row(
            "garbage",
            milter -> milter.answers('M', packet('!')),
            List.of("EHLO client.example", "MAIL FROM:<s@example.org>", "QUIT")));
  }

  private static List<String> refused() {
    return List.of(
        "EHLO client.example",
        "MAIL FROM:<s@example.org>",
        "NOOP",
        "RSET",
        "FOO",
        "HELO x",
        "QUIT");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theMilterIsToldTheSameAndTheClientToo(Row row) throws Exception {
    for (var milter : List.of(ofPostfix, ofCaravan)) {
      milter.forget();
      milter.agrees(6, 0x1ff, 0, java.util.Map.of());
      row.script().accept(milter);
    }
    List<String> expected = talk(postfix.port, row.lines());
    List<String> found = talk(caravan.smtp, row.lines());
    assertThat(found).isEqualTo(expected);
    await()
        .atMost(java.time.Duration.ofSeconds(3))
        .untilAsserted(() -> assertThat(told(ofCaravan)).isEqualTo(told(ofPostfix)));
  }

  /// What the manual says of the differences.
  @Test
  void twoAnswersAreFollowedByOthersThanAtPostfix() throws Exception {
    List<String> message =
        List.of(
            "MAIL FROM:<s@example.org>",
            "RCPT TO:<b@example.com>",
            "DATA",
            "From: a@x\r\n\r\nx\r\n.");
    var one = new ArrayList<>(List.of("EHLO client.example"));
    one.addAll(message);
    for (var milter : List.of(ofPostfix, ofCaravan)) {
      milter.forget();
      milter.answers('E', packet('4'));
    }
    assertThat(talk(postfix.port, one).getLast()).startsWith("From: a@x: 250 2.0.0 ");
    assertThat(talk(caravan.smtp, one).getLast()).startsWith("From: a@x: 421 4.7.0 ");
    var two = new ArrayList<>(one);
    two.addAll(message);
    for (var milter : List.of(ofPostfix, ofCaravan)) {
      milter.forget();
      milter.answers('M', packet('!'));
    }
    assertThat(talk(postfix.port, two))
        .filteredOn(said -> said.startsWith("MAIL"))
        .allMatch(said -> said.contains(": 451 4."))
        .hasSize(2);
    assertThat(talk(caravan.smtp, two).getLast()).startsWith("From: a@x: 250 2.");
  }

  private static List<String> told(ScriptedMilter milter) {
    return milter.heard().stream()
        .map(line -> line.replaceAll("\\bi=\\w+", "i=ID"))
        .filter(line -> !line.equals("closed"))
        .toList();
  }

  /// What the server says: its greeting, then the reply to each line.
  private static List<String> talk(int port, List<String> lines) throws IOException {
    var said = new ArrayList<String>();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      said.add("greeting: " + reply(in).replaceFirst("^220 .*", "220"));
      String last = "";
      for (String line : lines) {
        if (line.endsWith("\r\n.") && !last.startsWith("354")) {
          continue;
        }
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String reply = reply(in);
        last = reply;
        // which extensions are offered is each server's own affair, unless none is
        boolean offered = line.startsWith("EHLO") && reply.contains("PIPELINING");
        if (line.startsWith("XCLIENT")) {
          reply = reply.replaceFirst("^220 .*", "220");
        }
        said.add(
            line.lines().findFirst().orElse("")
                + ": "
                + (offered ? "offers" : reply.replaceAll("queued as .*", "queued")));
        if (reply.endsWith("closed")) {
          break;
        }
      }
    }
    return said;
  }

  private static String reply(InputStream in) throws IOException {
    var reply = new StringBuilder();
    while (true) {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return reply + "closed";
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      reply.append(line).append("/");
      if (line.length() < 4 || line.charAt(3) != '-') {
        return reply.toString();
      }
    }
  }
}
