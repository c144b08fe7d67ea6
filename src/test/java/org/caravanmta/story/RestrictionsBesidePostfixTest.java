package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Postfix and Caravan with the same restrictions, lists of domains and reply codes, asked the
/// same: the same replies. Debian's package postfix; needs root, as Postfix does.
///
/// One story: both servers are started once, with one configuration, which is half of this file.
class RestrictionsBesidePostfixTest {
  /// Which restriction a recipient wants, in the words of both.
  private static final Map<String, String> WANTED =
      Map.of(
          "invalid", "reject_invalid_helo_hostname",
          "whole", "reject_non_fqdn_helo_hostname",
          "sender", "reject_non_fqdn_sender",
          "reject", "reject",
          "defer", "defer",
          "table", "REJECT no",
          "later", "DEFER soon",
          "mind", "DEFER_IF_PERMIT perhaps",
          "plain", "reject_plaintext_session",
          "open", "OK");

  private static final String CLIENTS =
      "inline:{ {203.0.113.1 = REJECT go away}, {203.0.113.2 = DEFER_IF_PERMIT wait},"
          + " {203.0.113.3 = 521 bye}, {203.0.113.4 = OK} }";

  private static final String HELOS =
      "inline:{ {bad.helo.example = REJECT}, {mind.helo.example = DEFER_IF_PERMIT think},"
          + " {ok.helo.example = OK} }";

  private static final String SENDERS =
      "inline:{ {bad@ = REJECT no mail}, {mind@ = DEFER_IF_PERMIT hm}, {later@ = DEFER} }";

  @TempDir static Path directory;
  private static PrivatePostfix postfix;
  private static Server caravan;

  @BeforeAll
  static void startBoth() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      Assumptions.abort("SKIPPED: Postfix is not here; apt-get install postfix");
    }
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    Path lists = Files.createDirectories(directory.resolve("lists"));
    PrivatePostfix.write(
        lists.resolve("own"), "# ours\nexample.com\nours.example\nnot.ours.example\n");
    PrivatePostfix.write(lists.resolve("aliases"), "va.example\n");
    Path networks = PrivatePostfix.write(lists.resolve("networks"), "198.51.100.7 x\n");
    new ProcessBuilder("/usr/sbin/postmap", "hash:" + networks).inheritIO().start().waitFor();
    String access =
        WANTED.entrySet().stream()
            .map(each -> "{" + each.getKey() + "@ = " + each.getValue() + "}")
            .collect(Collectors.joining(", ", "inline:{ ", " }"));
    postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = mx.example.com
            mydomain = example.com
            myorigin = example.com
            mydestination = LISTS/own, !not.ours.example, inline:{table.example=1}, static.example
            relay_domains = rel.example, .dotted.example, !out.below.example, below.example,
              inline:{tab.example=1}
            virtual_alias_domains = LISTS/aliases
            virtual_alias_maps = inline:{known@va.example=joe@example.com}
            local_recipient_maps = unix:passwd.byname, inline:{%s}
            mynetworks = !127.0.0.99, 127.0.0.0/16, hash:LISTS/networks
            unknown_local_recipient_reject_code = 558
            unknown_virtual_alias_reject_code = 559
            relay_domains_reject_code = 557
            smtpd_authorized_xclient_hosts = 127.0.0.1
            smtpd_delay_reject = no
            smtpd_helo_required = yes
            smtpd_client_restrictions = check_client_access CLIENTS
            smtpd_helo_restrictions = check_helo_access HELOS
            smtpd_sender_restrictions = check_sender_access SENDERS
            smtpd_peername_lookup = no
            append_dot_mydomain = no
            recipient_delimiter = +
            hopcount_limit = 5
            smtpd_soft_error_limit = 100000
            smtpd_hard_error_limit = 100000
            smtpd_junk_command_limit = 100000
            notify_classes =
            smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
            smtpd_recipient_restrictions = check_recipient_access %s, reject_non_fqdn_recipient
            default_transport = discard:
            local_transport = discard:
            reject_code = 555
            defer_code = 455
            access_map_reject_code = 571
            access_map_defer_code = 471
            invalid_hostname_reject_code = 450
            non_fqdn_reject_code = 553
            plaintext_reject_code = 530
            """
                .formatted(names(), access)
                .replace("LISTS", lists.toString())
                .replace("CLIENTS", CLIENTS)
                .replace("HELOS", HELOS)
                .replace("SENDERS", SENDERS));
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path restrictions = routes.resolve("restrictions.camel.yaml");
    for (var list :
        Map.of(
                "smtpdClientRestrictions", "checkClientAccess " + CLIENTS,
                "smtpdHeloRestrictions", "checkHeloAccess " + HELOS,
                "smtpdSenderRestrictions", "checkSenderAccess " + SENDERS)
            .entrySet()) {
      String step = "- bean: { ref: " + list.getKey() + " }";
      Edits.replace(
          restrictions, step, step + "\n        - bean: { ref: \"" + list.getValue() + "\" }");
    }
    Edits.replace(
        restrictions,
        "- bean: { ref: smtpdRecipientRestrictions }",
        """
        - bean: { ref: smtpdRecipientRestrictions }
                - bean: { ref: "checkRecipientAccess %s" }
                - bean: { ref: rejectNonFqdnRecipient }
        """
            .formatted(access)
            .strip());
    Path settings = directory.resolve("caravan.yaml");
    Files.writeString(
        settings,
        """
        hostname: mx.example.com
        domains:
          own: ["LISTS/own", "!not.ours.example", "inline:{table.example=1}", static.example]
          relay: [rel.example, .dotted.example, "!out.below.example", below.example, "inline:{tab.example=1}"]
          virtual: ["LISTS/aliases"]
        networks: { own: ["!127.0.0.99", 127.0.0.0/16, "hash:LISTS/networks"] }
        recipients: { own: ["unix:passwd.byname", "inline:{NAMES}"] }
        rewriting: { origin: example.com, virtual-aliases: ["inline:{known@va.example=joe@example.com}"] }
        smtp:
          client-name-lookup: false
          xclient-hosts: [127.0.0.1]
          delay-reject: false
          hop-limit: 5
          soft-error-limit: 100000
          error-limit: 100000
          idle-limit: 100000
        routing: { local: "discard:", other: "discard:" }
        restrictions:
          codes:
            reject: 555
            defer: 455
            access-reject: 571
            access-defer: 471
            invalid-hostname: 450
            non-fqdn: 553
            plaintext: 530
            unknown-local: 558
            unknown-alias: 559
            relay: 557
        """
            .replace("NAMES", names())
            .replace("LISTS", lists.toString()));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--config",
            settings.toString(),
            "--routes",
            routes.toString());
  }

  @AfterAll
  static void endBoth() throws Exception {
    for (AutoCloseable each : Stream.of(caravan, postfix).toList()) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void namesInHeloAreJudgedAlike() throws IOException {
    var asked = new LinkedHashMap<String, String[]>();
    for (String helo :
        List.of(
            "mx.far.example",
            "mx.far.example.",
            "mx",
            "mx.",
            "..",
            ".",
            "a..b",
            "-a.example",
            "a-.example",
            "a_b.example",
            "_a.example",
            "1.example",
            "192.0.2.10",
            "192.0.2",
            "1.2.3.4.5",
            "256.1.1.1",
            "12345",
            "[192.0.2.10]",
            "[192.0.2.999]",
            "[192.0.2.10",
            "[]",
            "[mx.far.example]",
            "[2001:db8::1]",
            "[IPv6:2001:db8::1]",
            "[ipv6:2001:db8::1]",
            "[IPv6:192.0.2.1]",
            "[IPv6:2001:db8::g]",
            "2001:db8::1",
            "IPv6:2001:db8::1",
            "x".repeat(64) + ".example",
            "far.example:25")) {
      for (String to : List.of("invalid", "whole")) {
        asked.put(
            to + " " + helo,
            new String[] {
              "EHLO " + helo, "MAIL FROM:<joe@far.example>", "RCPT TO:<" + to + "@example.com>"
            });
      }
    }
    assertSame(asked);
  }

  @Test
  void addressesAreJudgedAsTheyWereGiven() throws IOException {
    var asked = new LinkedHashMap<String, String[]>();
    for (String address :
        List.of(
            "joe",
            "joe@far",
            "joe@far.",
            "joe@far.example",
            "joe@far.example.",
            "joe@[192.0.2.1]",
            "joe@-far.example",
            "joe@a..b",
            "joe@1.example",
            "@a.example:joe",
            "@a.example:joe@far.example",
            "joe+x",
            "")) {
      asked.put(
          "from " + address,
          new String[] {"EHLO x", "MAIL FROM:<" + address + ">", "RCPT TO:<sender@example.com>"});
      if (!address.isEmpty()) {
        asked.put(
            "to " + address,
            new String[] {"EHLO x", "MAIL FROM:<a@far.example>", "RCPT TO:<" + address + ">"});
      }
    }
    assertSame(asked);
  }

  @Test
  void repliesHaveTheCodesThatTheOperatorWants() throws IOException {
    var asked = new LinkedHashMap<String, String[]>();
    WANTED.forEach(
        (to, restriction) ->
            asked.put(
                restriction,
                new String[] {"EHLO x", "MAIL FROM:<a>", "RCPT TO:<" + to + "@example.com>"}));
    assertSame(asked);
  }

  /// Who exists at our domains, so that each restriction has a recipient.
  private static String names() {
    return WANTED.keySet().stream()
        .map(name -> name + "=1")
        .collect(Collectors.joining(", ", "joe=1, nobody2=1, ", ""));
  }

  @Test
  void listsThatAreNotPutOffAreAskedAtTheirCommand() throws IOException {
    var differences = new LinkedHashMap<String, String>();
    for (String client : List.of("203.0.113.1", "203.0.113.2", "203.0.113.4", "203.0.113.5")) {
      for (String helo : List.of("bad.helo.example", "mind.helo.example", "ok.helo.example")) {
        for (String sender : List.of("bad", "mind", "later", "joe")) {
          for (String to : List.of("open@example.com", "ghost@example.com", "table@example.com")) {
            String[] commands = {
              "XCLIENT ADDR=" + client,
              "EHLO " + helo,
              "MAIL FROM:<" + sender + "@far.example>",
              "RCPT TO:<" + to + ">",
              "RCPT TO:<" + to + ">"
            };
            try (var theirs = Talk.to(postfix.port);
                var ours = Talk.to(caravan.smtp)) {
              for (String command : commands) {
                String expected = theirs.say(command);
                String said = ours.say(command);
                if (!expected.equals(said)
                    // the last line of the reply to EHLO is another extension
                    && !(command.startsWith("EHLO") && expected.startsWith("250"))
                    && !(command.startsWith("XCLIENT") && expected.startsWith("220"))) {
                  differences.put(
                      String.join(", ", commands) + " at " + command,
                      "Postfix: " + expected + ", we: " + said);
                }
              }
            }
          }
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void listsOfDomainsAndUsersAreReadAlike() throws IOException {
    var asked = new LinkedHashMap<String, String[]>();
    for (String to :
        List.of(
            "joe@example.com",
            "root@ours.example",
            "daemon+x@example.com",
            "ghost@ours.example",
            "joe@sub.ours.example",
            "joe@not.ours.example",
            "joe@table.example",
            "ghost@table.example",
            "joe@static.example",
            "u@rel.example",
            "u@sub.rel.example",
            "u@dotted.example",
            "u@sub.dotted.example",
            "u@below.example",
            "u@out.below.example",
            "u@deep.out.below.example",
            "u@in.below.example",
            "u@tab.example",
            "u@sub.tab.example",
            "u%far.example@rel.example",
            "u%far.example@example.com",
            "known@va.example",
            "ghost@va.example",
            "u@sub.va.example",
            "u@far.example")) {
      for (String client : List.of("192.0.2.1", "127.0.0.99", "127.0.0.98", "198.51.100.7")) {
        asked.put(
            client + " to " + to,
            new String[] {
              "XCLIENT ADDR=" + client,
              "EHLO x",
              "MAIL FROM:<a@far.example>",
              "RCPT TO:<" + to + ">"
            });
      }
    }
    var differences = new LinkedHashMap<String, String>();
    for (var each : asked.entrySet()) {
      try (var theirs = Talk.to(postfix.port);
          var ours = Talk.to(caravan.smtp)) {
        String expected = last(theirs, each.getValue());
        String said = last(ours, each.getValue());
        if (!expected.equals(said)) {
          differences.put(each.getKey(), "Postfix: " + expected + ", we: " + said);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void aMessageThatHasComeFarIsRefusedAtTheSameHop() throws IOException {
    for (int fields = 0; fields < 8; fields++) {
      String message = "Received: from a by b\r\n".repeat(fields) + "Subject: x\r\n\r\nx\r\n";
      String theirs = sent(postfix.port, message);
      assertThat(sent(caravan.smtp, message))
          .as("%d Received fields, Postfix says %s", fields, theirs)
          .startsWith(theirs.substring(0, 4));
    }
  }

  private static String sent(int port, String message) throws IOException {
    try (var talk = Talk.to(port)) {
      return talk.send("a@far.example", "open@example.com", message);
    }
  }

  private static void assertSame(Map<String, String[]> asked) throws IOException {
    var differences = new LinkedHashMap<String, String>();
    try (var theirs = Talk.to(postfix.port);
        var ours = Talk.to(caravan.smtp)) {
      for (var each : asked.entrySet()) {
        String expected = last(theirs, each.getValue());
        String said = last(ours, each.getValue());
        if (!expected.equals(said)) {
          differences.put(each.getKey(), "Postfix: " + expected + ", we: " + said);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  /// The reply to the last command, or to the first that is refused.
  private static String last(Talk talk, String... commands) throws IOException {
    String reply = talk.say("RSET");
    for (String command : commands) {
      reply = talk.say(command);
      if (reply.charAt(0) > '3') {
        return reply;
      }
    }
    return reply;
  }
}
