package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log in Postfix's form, read by what administrators read Postfix's with: pflogsumm counts
/// what has happened, and fail2ban finds who is to be kept out.
class LogReadersTest {
  @TempDir Path directory;

  /// What a content filter refuses, drops or sets aside counts once, as with Postfix.
  @Test
  void whatContentFiltersDecideIsCountedOnce() throws Exception {
    String pflogsumm = installed("pflogsumm", "pflogsumm");
    try (var milter = new ScriptedMilter();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "log.format=postfix",
                "--routes",
                FilterRoutes.in(
                        directory.resolve("routes"),
                        "- bean: { ref: \"milter " + milter.address() + "\" }\n")
                    .toString())) {
      try (var talk = Talk.to(caravan.smtp)) {
        milter.answers('R', packet('y', text("550 5.7.1 not to her")));
        assertThat(talk.send("bob@caravan.test", "alice@caravan.test", letter("1")))
            .startsWith("550");
        talk.say("RSET");
        milter.answers('E', packet('y', text("550 5.7.1 no")));
        assertThat(talk.send("bob@caravan.test", "alice@caravan.test", letter("2")))
            .startsWith("550");
        milter.answers('E', packet('d'));
        assertThat(talk.send("bob@caravan.test", "alice@caravan.test", letter("3")))
            .startsWith("250");
        milter.answers('E', packet('q', text("odd")), packet('c'));
        assertThat(talk.send("bob@caravan.test", "alice@caravan.test", letter("4")))
            .startsWith("250");
        talk.say("QUIT");
      }
      await().until(() -> count(caravan, "disconnect from ") == 1);
      Path log = directory.resolve("mail.log");
      Files.write(log, caravan.lines());
      assertThat(caravan.lines())
          .anyMatch(line -> line.matches(".*/smtpd.*milter-reject: RCPT.*from=<bob@.*"))
          .anyMatch(line -> line.matches(".*/cleanup.*milter-reject: END-OF-MESSAGE.*"));
      assertThat(counts(run(0, pflogsumm, log.toString())))
          // of what milters refuse it counts messages
          .containsEntry("rejected", "1")
          .containsEntry("held", "1")
          .containsEntry("discarded", "1");
    }
  }

  @Test
  void whatReadsPostfixsLogReadsOurs() throws Exception {
    String pflogsumm = installed("pflogsumm", "pflogsumm");
    String fail2ban = installed("fail2ban-regex", "fail2ban");
    Path rules =
        Files.writeString(
            directory.resolve("rules"),
            """
            /^Subject: spam/ REJECT no spam
            /^Subject: wait/ HOLD look at it
            /^Subject: away/ DISCARD
            """);
    Path users = Files.writeString(directory.resolve("users"), "ann:{PLAIN}secret\n");
    try (var gone =
            ReceivingServer.start(
                "127.0.0.1", 0, "250 SIZE", _ -> "550 5.1.1 nobody (or nobody known) there");
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "log.format=postfix",
                "--set",
                "networks.own=[192.0.2.0/24]",
                "--set",
                "greylist.enabled=false",
                "--set",
                "domains.relay=[gone.example, slow.example]",
                "--set",
                "routing.transport=['inline:{gone.example=smtp:[127.0.0.1]:"
                    + gone.port()
                    + ","
                    + " slow.example=smtp:[127.0.0.1]:1}']",
                "--set",
                "recipients.own=['inline:{alice=x, bob=x}']",
                "--set",
                "checks.header=[regexp:" + rules + "]",
                "--set",
                "sasl.passwords=" + users,
                "--set",
                "sasl.plaintext=true",
                "--set",
                "sasl.failure-delay=0s")) {
      try (var talk = Talk.to(caravan.smtp)) {
        String from = "bob@caravan.test";
        assertThat(talk.send(from, "alice@caravan.test", letter("1"))).startsWith("250");
        assertThat(talk.send(from, "bob@caravan.test", letter("2"))).startsWith("250");
        assertThat(talk.send(from, "x@gone.example", letter("3"))).startsWith("250");
        assertThat(talk.send(from, "x@slow.example", letter("4"))).startsWith("250");
        assertThat(talk.send(from, "alice@caravan.test", letter("spam"))).startsWith("550");
        assertThat(talk.send(from, "alice@caravan.test", letter("wait"))).startsWith("250");
        assertThat(talk.send(from, "alice@caravan.test", letter("away"))).startsWith("250");
        assertThat(talk.send(from, "nobody@caravan.test", letter("5"))).startsWith("550");
        talk.say("RSET");
        assertThat(talk.send(from, "x@elsewhere.example", letter("6"))).startsWith("554");
        talk.say("QUIT");
      }
      for (String password : List.of("wrong", "secret", "other")) {
        try (var talk = Talk.to(caravan.submission)) {
          String proof = "\0ann\0" + password;
          talk.say(
              "AUTH PLAIN "
                  + Base64.getEncoder().encodeToString(proof.getBytes(StandardCharsets.UTF_8)));
          talk.say("QUIT");
        }
      }
      // the report about x@gone.example reaches bob, and its message is gone
      await().until(() -> caravan.maildir("bob").size() == 2);
      await().until(() -> caravan.says("status=deferred"));
      await().until(() -> count(caravan, ": removed$") == 4);
      await().until(() -> count(caravan, "disconnect from ") == 4);

      assertThat(caravan.command("metrics"))
          .contains(
              "caravan_deliveries_total{status=\"sent\",transport=\"local\"} 3.0",
              "caravan_deliveries_total{status=\"bounced\",transport=\"smtp\"} 1.0",
              "caravan_deliveries_total{status=\"deferred\",transport=\"smtp\"} 1.0",
              "caravan_refused_total{class=\"5\",reason=\"relay\",step=\"RCPT\"} 1.0",
              "caravan_refused_total{class=\"5\",reason=\"unknown_recipient\",step=\"RCPT\"} 1.0",
              "caravan_refused_total{class=\"5\",reason=\"content\",step=\"END-OF-MESSAGE\"} 1.0",
              "caravan_logins_total{mechanism=\"PLAIN\",result=\"failed\"} 2.0",
              "caravan_logins_total{mechanism=\"PLAIN\",result=\"ok\"} 1.0",
              "caravan_reports_total{kind=\"failed\"} 1.0",
              "caravan_messages_received_total{by=\"smtp\"} 5.0",
              "caravan_sessions_total{listener=\"submission\"} 3.0");
      Path log = directory.resolve("mail.log");
      Files.write(log, caravan.lines());
      var counted = counts(run(0, pflogsumm, log.toString()));
      assertThat(counted)
          // what a header check refuses has been received, for Postfix too
          .containsEntry("received", "7")
          .containsEntry("delivered", "3")
          .containsEntry("deferred", "1")
          .containsEntry("bounced", "1")
          .containsEntry("rejected", "3")
          .containsEntry("held", "1")
          .containsEntry("discarded", "1")
          .containsEntry("recipients", "2");
      long bytes =
          caravan.lines().stream()
              .map(Pattern.compile("from=<bob@caravan.test>, size=(\\d+)")::matcher)
              .filter(Matcher::find)
              .mapToLong(m -> Long.parseLong(m.group(1)))
              .sum();
      assertThat(counted).containsEntry("bytes received", String.valueOf(bytes));
      assertThat(matched(fail2ban, log, "normal")).as("refused recipients").isEqualTo(2);
      assertThat(matched(fail2ban, log, "auth")).as("failed logins").isEqualTo(2);
      assertThat(matched(fail2ban, log, "aggressive")).isGreaterThanOrEqualTo(4);
      assertThat(caravan.lines())
          .filteredOn(line -> !line.startsWith("ready "))
          .allMatch(
              line -> line.matches("\\w{3} [ \\d]\\d [\\d:]{8} mx postfix/[a-z/]+\\[\\d+\\]: .*"));
    }
  }

  private static String letter(String subject) {
    return "Subject: " + subject + "\r\n\r\nhello\r\n";
  }

  private static long count(Server caravan, String pattern) {
    Pattern line = Pattern.compile(pattern);
    return caravan.lines().stream().filter(one -> line.matcher(one).find()).count();
  }

  /// The grand totals: ` 6 received`, ` 3 rejected (27%)`.
  private static java.util.Map<String, String> counts(String summary) {
    var counts = new java.util.HashMap<String, String>();
    Matcher line = Pattern.compile("(?m)^ +(\\d+k?) +([a-z ]+?)(?: +\\(.*\\))?$").matcher(summary);
    while (line.find()) {
      counts.putIfAbsent(line.group(2), line.group(1));
    }
    return counts;
  }

  private static int matched(String fail2ban, Path log, String mode) throws Exception {
    var command = new ArrayList<>(List.of(fail2ban, log.toString(), "postfix[mode=" + mode + "]"));
    String printed = run(-1, command.toArray(String[]::new));
    Matcher lines = Pattern.compile("(\\d+) matched").matcher(printed);
    assertThat(lines.find()).as(printed).isTrue();
    return Integer.parseInt(lines.group(1));
  }
}
