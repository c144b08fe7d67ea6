package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Postfix and Caravan with the same tables, asked about the same recipients and given the same
/// messages: the same replies, and the same envelopes and header sections where they deliver to.
/// Debian's packages postfix and postfix-pcre; needs root, as Postfix does.
///
/// What differs on purpose is in {@link #REPLIES}, {@link #KEPT} and {@link #COPIES}, each with its
/// reason; when it no longer does, this fails too.
class RewritingBesidePostfixTest {
  private static final Path TABLES = Path.of("src/test/resources/postfix");

  /// Header sections that come otherwise, by their place in {@link #SECTIONS}. What they have in
  /// common: text that RFC 5322 does not call an address, and white space and comments around
  /// addresses, stay as their author has written them.
  private static final Map<Integer, String> KEPT =
      Map.of(
          15,
          "no blank follows a comma at the end",
          20,
          "an address with another in it is nobody's, and stays as it is written",
          21,
          "nobody, of no domain, stays as it is written",
          29,
          "RFC 5322 §4.5: a field of a stranger's keeps its white space before the colon");

  /// Envelopes for which other copies come, by their place in {@link #ENVELOPES}.
  private static final Map<Integer, String> COPIES =
      Map.of(
          22, "two ways to write one mailbox in one transaction are one recipient",
          29, "whom an alias names gets a message of his own, that is tried again alone",
          31, "likewise",
          36, "likewise",
          43,
              "a user of ours at an address of ours is the user at home, so that there is one"
                  + " mailbox",
          44, "likewise",
          48, "as 29: mail for nobody is MAILER-DAEMON's, an alias");

  @TempDir static Path directory;

  private static Letterbox theirs;
  private static Letterbox ours;
  private static PrivatePostfix postfix;
  private static Server caravan;

  @BeforeAll
  static void startBoth() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      System.out.println("SKIPPED: Postfix is not here; apt-get install postfix postfix-pcre");
      Assumptions.abort("Postfix is not installed");
    }
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    theirs = letterbox();
    ours = letterbox();
    Path of = tables(directory.resolve("postfix-tables"), theirs.port);
    PrivatePostfix.write(of.resolve("main.cf"), "compatibility_level = 3.6\n");
    run("/usr/sbin/postalias", "-c", of.toString(), "hash:" + of.resolve("aliases"));
    postfix = PrivatePostfix.start(directory.resolve("postfix"), mainCf(of, theirs.port));
    caravan = start(tables(directory.resolve("caravan-tables"), ours.port), ours.port);
  }

  @AfterAll
  static void endBoth() throws Exception {
    for (AutoCloseable each : Stream.of(caravan, postfix, ours, theirs).toList()) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static Letterbox letterbox() throws IOException {
    return Letterbox.at(
        Ports.free(), "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7");
  }

  /// The tables as they are, but for the port that they name and the directory that they are in.
  private static Path tables(Path to, int port) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(TABLES)) {
      for (Path file : files.toList()) {
        PrivatePostfix.write(
            to.resolve(file.getFileName()),
            Files.readString(file)
                .replace("2525", Integer.toString(port))
                .replace("@DIRECTORY@", to.toString()));
      }
    }
    return to;
  }

  private static String mainCf(Path tables, int port) {
    return """
    myhostname = mx.example.com
    mydomain = example.com
    myorigin = example.com
    mydestination = example.com, mx.example.com, was.example
    mynetworks = 127.0.0.0/8
    smtpd_peername_lookup = no
    smtpd_authorized_xclient_hosts = 127.0.0.1
    smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
    smtpd_sender_restrictions = check_sender_access texthash:TABLES/access
    smtpd_soft_error_limit = 100000
    smtpd_hard_error_limit = 100000
    smtpd_junk_command_limit = 100000
    local_header_rewrite_clients = permit_mynetworks
    append_dot_mydomain = no
    recipient_delimiter = +
    in_flow_delay = 0
    notify_classes =
    relayhost = [127.0.0.2]:PORT
    relay_domains = relay.example
    relay_transport = smtp:[127.0.0.7]:PORT
    relay_recipient_maps = texthash:TABLES/relay_recipients
    mailbox_transport = smtp:[127.0.0.3]:PORT
    local_recipient_maps = texthash:TABLES/local_recipients, hash:TABLES/aliases
    alias_maps = hash:TABLES/aliases
    virtual_alias_maps = texthash:TABLES/virtual, pcre:TABLES/virtual.pcre
    virtual_mailbox_maps = texthash:TABLES/vmailbox
    virtual_mailbox_domains = vm.example, all.vm.example
    virtual_transport = smtp:[127.0.0.4]:PORT
    canonical_maps = texthash:TABLES/canonical
    sender_canonical_maps = texthash:TABLES/sender_canonical
    recipient_canonical_maps = texthash:TABLES/recipient_canonical
    masquerade_domains = !keep.example.com, dept.example.com, example.com
    masquerade_exceptions = admin
    sender_bcc_maps = texthash:TABLES/sender_bcc
    recipient_bcc_maps = texthash:TABLES/recipient_bcc
    transport_maps = texthash:TABLES/transport
    relocated_maps = texthash:TABLES/relocated
    smtp_generic_maps = texthash:TABLES/generic
    header_checks = regexp:TABLES/header_checks
    sender_dependent_relayhost_maps = texthash:TABLES/sender_relayhost
    sender_dependent_default_transport_maps = texthash:TABLES/sender_transport
    """
        .replace("TABLES", tables.toString())
        .replace("PORT", Integer.toString(port));
  }

  private static Server start(Path tables, int port) throws IOException {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path settings = directory.resolve("caravan.yaml");
    Files.writeString(
        settings,
        """
        hostname: mx.example.com
        domains:
          own: [example.com, mx.example.com, was.example]
          relay: [relay.example]
          virtual-mailboxes: [vm.example, all.vm.example]
        recipients:
          own: ["texthash:TABLES/local_recipients"]
          relay: ["texthash:TABLES/relay_recipients"]
          virtual: ["texthash:TABLES/vmailbox"]
        smtp:
          client-name-lookup: false
          xclient-hosts: [127.0.0.1]
          soft-error-limit: 100000
          error-limit: 100000
          idle-limit: 100000
        rewriting:
          origin: example.com
          canonical: ["texthash:TABLES/canonical"]
          sender-canonical: ["texthash:TABLES/sender_canonical"]
          recipient-canonical: ["texthash:TABLES/recipient_canonical"]
          masquerade-domains: ["!keep.example.com", dept.example.com, example.com]
          masquerade-exceptions: [admin]
          sender-bcc: ["texthash:TABLES/sender_bcc"]
          recipient-bcc: ["texthash:TABLES/recipient_bcc"]
          virtual-aliases: ["texthash:TABLES/virtual", "pcre:TABLES/virtual.pcre"]
          generic: ["texthash:TABLES/generic"]
        checks:
          header: ["regexp:TABLES/header_checks"]
        routing:
          transport: ["texthash:TABLES/transport"]
          relay: "smtp:[127.0.0.7]:PORT"
          virtual: "smtp:[127.0.0.4]:PORT"
          sender-transport: ["texthash:TABLES/sender_transport"]
          sender-relayhost: ["texthash:TABLES/sender_relayhost"]
          relocated: ["texthash:TABLES/relocated"]
        local:
          aliases: ["hash:TABLES/aliases"]
          allow-commands: [alias]
          allow-files: [alias]
          command-user: nobody
          mailbox-transport: "smtp:[127.0.0.3]:PORT"
        delivery:
          relayhost: "[127.0.0.2]:PORT"
        """
            .replace("TABLES", tables.toString())
            .replace("PORT", Integer.toString(port)));
    Edits.replace(
        routes.resolve("restrictions.camel.yaml"),
        "- bean: { ref: smtpdSenderRestrictions }",
        "- bean: { ref: smtpdSenderRestrictions }\n"
            + "        - bean: { ref: \"checkSenderAccess texthash:"
            + tables.resolve("access")
            + "\" }");
    return Server.start(
        directory.resolve("caravan"),
        "--set",
        "hostname=mx.example.com",
        "--config",
        settings.toString(),
        "--routes",
        routes.toString());
  }

  @Test
  void replyToRecipientsAlike() throws Exception {
    List<String> recipients = recipients();
    Map<String, String> said = new LinkedHashMap<>();
    Map<String, String> expected = new LinkedHashMap<>();
    for (boolean stranger : new boolean[] {false, true}) {
      expected.putAll(replies(postfix.port, stranger, recipients));
      said.putAll(replies(caravan.smtp, stranger, recipients));
    }
    var differences = new TreeMap<String, String>();
    expected.forEach(
        (asked, theirs) -> {
          String us = said.get(asked);
          if (!complete(theirs).equals(complete(us))) {
            differences.put(asked, theirs + "  |  " + us);
          }
        });
    assertThat(expected).hasSizeGreaterThan(500);
    assertThat(differences).isEmpty();
  }

  /// Postfix shows an address as the client has written it, without its quotes; Caravan as it is
  /// understood, which is what a client can look for in its own log (RFC 5321 §4.2: the text is for
  /// people).
  private static String complete(String reply) {
    return reply
        .replace("\"", "")
        .replaceFirst("<([^@>! ]*)!([^@> ]*)>:", "<$2@$1>:")
        .replaceFirst("<([^@> ]*)%([^@>%]*?)\\.?>:", "<$1@$2>:")
        .replaceFirst("<([^@>]*)>:", "<$1@example.com>:")
        .replace("<ann@far.example@example.com>:", "<ann%far.example@example.com>:");
  }

  private static Map<String, String> replies(int port, boolean stranger, List<String> recipients)
      throws IOException {
    var replies = new LinkedHashMap<String, String>();
    String who = stranger ? "stranger " : "own ";
    try (var talk = client(port, stranger)) {
      for (String sender :
          List.of(
              "ann@example.com",
              "joe",
              "spammer@stranger.example",
              "x@stranger-two.example",
              "slow@stranger.example",
              "site!user",
              "@a,@b:user@c.example",
              "user@host.",
              "user@host..",
              "<>")) {
        String from = sender.equals("<>") ? sender : "<" + sender + ">";
        String mail = talk.say("MAIL FROM:" + from);
        replies.put(who + "from " + sender, mail + " / " + talk.say("RCPT TO:<ann@example.com>"));
        talk.say("RSET");
      }
      for (String recipient : recipients) {
        talk.say("MAIL FROM:<ann@example.com>");
        replies.put(who + recipient, talk.say("RCPT TO:" + recipient));
        talk.say("RSET");
      }
    }
    return replies;
  }

  /// Every address that a table names, with an extension too, and what is odd.
  private static List<String> recipients() throws IOException {
    var recipients = new ArrayList<String>();
    try (var files = Files.list(TABLES)) {
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          String key = line.split("\\s", 2)[0].replaceAll(":$", "");
          if (key.matches("[A-Za-z0-9@.+_-]+")) {
            String address =
                key.startsWith("@")
                    ? "any" + key
                    : key.contains(".") && !key.contains("@") ? "any@" + key : key;
            recipients.add("<" + address + ">");
            recipients.add("<" + address.replaceFirst("(?=@|$)", "+ext") + ">");
            recipients.add("<" + address.toUpperCase(java.util.Locale.ROOT) + ">");
          }
        }
      }
    }
    for (String user :
        List.of("ann", "nobody", "joe+x", "first.last", "mailer-daemon", "double-bounce")) {
      for (String domain :
          List.of(
              "example.com",
              "mx.example.com",
              "relay.example",
              "sub.relay.example",
              "open.relay.example",
              "va.example",
              "vm.example",
              "sub.vm.example",
              "catch.example",
              "far.example",
              "elsewhere.example",
              "next.example",
              "a.b.far.example")) {
        recipients.add("<" + user + "@" + domain + ">");
      }
    }
    recipients.addAll(
        List.of(
            "postmaster",
            "<postmaster>",
            "<PostMaster@mx.example.com>",
            "<ann@example.com.>",
            "<ann@example.com..>",
            "<@a.example,@b.example:ann@example.com>",
            "<@a.example:ann@far.example>",
            "<far.example!ann>",
            "<far.example!ann@example.com>",
            "<ann%far.example>",
            "<far.example!ann%va.example>",
            "<va.example!info>",
            "<va.example!nobody>",
            "<info%va.example>",
            "<nobody%va.example>",
            "<\"va.example!nobody\">",
            "<\"va.example!no body\">",
            "<ann%va.example.>",
            "<!ann>",
            "<new@[127.0.0.1]>",
            "<old@[127.0.0.1]>",
            "<joe@[127.0.0.1]>",
            "<nobody@[127.0.0.1]>",
            "<new+x@[127.0.0.1]>",
            "<new@[192.0.2.1]>",
            "<\"\"@example.com>",
            "Ann<ann>",
            "Ann<nobody@example.com>",
            "\"Ann\"<ann>",
            "<ann%far.example@example.com>",
            "<ann%far.example@relay.example>",
            "<ann%far.example@open.relay.example>",
            "<\"ann@far.example\"@example.com>",
            "<\"ann%far.example\"@example.com>",
            "<\"a b\"@va.example>",
            "<\"first last\"@example.com>",
            "<\"ann\"@example.com>",
            "<\"odd one\"@example.com>",
            "<ann@[127.0.0.1]>",
            "<ann@127.0.0.1>",
            "<ann@[192.0.2.1]>",
            "<ann@[IPv6:::1]>",
            "<ann@[nonsense]>",
            "<first.last@people.example.com>",
            "<list-news@Example.com>",
            "<list-news@example.com>",
            "<ann.b.c@people.example.com>",
            "<+ann@example.com>",
            "<ann+@example.com>",
            "<ann+a+b@example.com>",
            "<ann.@example.com>",
            "<.ann@example.com>",
            "<a..b@example.com>",
            "<-ann@example.com>",
            "<ann@example..com>",
            "<ann@-example.com>",
            "<ann@exa_mple.com>",
            "<ann@>",
            "<@>",
            "<>",
            "<ann>",
            "<nobody>",
            "ann@example.com",
            "ann",
            "<ann@example.com> NOTIFY=NEVER",
            "<ann bob@example.com>",
            "<ann@example.com bob>",
            "<ann@far.example@example.com>",
            "<ann(comment)@example.com>",
            "< ann@example.com >"));
    return recipients.stream().distinct().toList();
  }

  private static Talk client(int port, boolean stranger) throws IOException {
    var talk = Talk.to(port);
    if (stranger) {
      talk.say("XCLIENT NAME=client.stranger.example ADDR=192.0.2.7");
      talk.say("EHLO client.stranger.example");
    }
    return talk;
  }

  @Test
  void deliverTheSameLetters() throws Exception {
    List<Message> messages = messages();
    var differences = new ArrayList<String>();
    for (Message message : messages) {
      String reply = message.send(postfix.port);
      String our = message.send(caravan.smtp);
      if (!withoutId(reply).equals(withoutId(our))) {
        differences.add(message.id() + " " + reply + "  |  " + our);
      }
    }
    await().atMost(Duration.ofSeconds(60)).until(postfix::idle);
    Map<String, List<String>> expected = letters(theirs);
    assertThat(messages).hasSizeGreaterThanOrEqualTo(150);
    // all but the refused, the looping and the dropped
    assertThat(expected).hasSizeGreaterThan(140);
    assertThat(differences).isEmpty();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(differences(messages, expected, letters(ours))).isEmpty());
  }

  private static List<String> differences(
      List<Message> messages, Map<String, List<String>> expected, Map<String, List<String>> got) {
    var differences = new ArrayList<String>();
    for (Message message : messages) {
      String theirs = String.join("\n", expected.getOrDefault(message.id(), List.of()));
      String ours = String.join("\n", got.getOrDefault(message.id(), List.of()));
      if (theirs.equals(ours) == message.differs()) {
        differences.add(
            "%s\n-- %s Postfix\n%s\n-- we\n%s"
                .formatted(message, message.differs() ? "no longer differs:" : "", theirs, ours));
      }
    }
    return differences;
  }

  private static String withoutId(String reply) {
    return complete(reply.replaceAll("queued as .*", "queued"));
  }

  /// What arrived of each message, as text, in an order of its own.
  private static Map<String, List<String>> letters(Letterbox box) {
    var letters = new TreeMap<String, List<String>>();
    for (Letterbox.Letter letter : box.letters()) {
      var id = java.util.regex.Pattern.compile("(?m)^X-Id: (\\S+)").matcher(letter.message());
      if (id.find() && !letter.sender().isEmpty()) {
        letters
            .computeIfAbsent(id.group(1), _ -> new ArrayList<>())
            .add(
                "%s <%s> <%s>\n%s"
                    .formatted(
                        letter.at(),
                        letter.sender(),
                        letter.recipient(),
                        comparable(letter.message())));
      }
    }
    letters.values().forEach(list -> list.sort(null));
    return letters;
  }

  /// Without what no two servers have in common: what they say of themselves, and when.
  private static String comparable(String message) {
    return message
        .replaceAll("(?m)^Received:.*(\r\n[ \t].*)*", "Received:")
        .replaceAll("(?m)^(Resent-)?Message-Id: <[^>]*@mx.example.com>", "$1Message-Id:")
        .replaceAll("(?m)^(Resent-)?Date: .*\\(UTC\\)", "$1Date:");
  }

  /// @param fields of the header section, with CRLF
  private record Message(
      String id,
      boolean stranger,
      String sender,
      List<String> recipients,
      String fields,
      boolean differs) {
    String send(int port) throws IOException {
      try (var talk = client(port, stranger)) {
        String reply = talk.say("MAIL FROM:<" + sender + "> BODY=8BITMIME");
        for (String recipient : recipients) {
          reply += " / " + talk.say("RCPT TO:<" + recipient + ">");
        }
        String data = talk.say("DATA");
        if (!data.startsWith("354")) {
          return reply + " / " + data;
        }
        String text = "X-Id: " + id + "\r\n" + fields + "\r\nThe text,\r\nFrom: joe\r\n";
        return reply + " / " + talk.data(text.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /// Every header section and every envelope, each from one of ours and from a stranger.
  private static List<Message> messages() {
    var messages = new ArrayList<Message>();
    for (boolean stranger : new boolean[] {false, true}) {
      String who = stranger ? "s" : "o";
      for (int i = 0; i < SECTIONS.size(); i++) {
        messages.add(
            new Message(
                who + "h" + i,
                stranger,
                "joe",
                List.of("ann@example.com"),
                SECTIONS.get(i).replace("\n", "\r\n"),
                // a stranger's are left alone by both, but for the fields that are dropped
                KEPT.containsKey(i) && stranger == (i == 29)));
      }
      for (int i = 0; i < ENVELOPES.size(); i++) {
        List<String> paths = ENVELOPES.get(i);
        messages.add(
            new Message(
                who + "e" + i,
                stranger,
                paths.getFirst(),
                paths.subList(1, paths.size()),
                "From: x@far.example\r\n"
                    + "To: y@far.example\r\n"
                    + "Date: Tue, 25 Aug 2026 10:00:00 +0000\r\n"
                    + "Message-Id: <1@far.example>\r\n",
                COPIES.containsKey(i)));
      }
    }
    return messages;
  }

  /// Sender and recipients.
  private static final List<List<String>> ENVELOPES =
      List.of(
          List.of("ann@example.com", "bob@far.example"),
          List.of("ann@host1.example.com", "ann@far.example"),
          List.of("x@host2.example.com", "x@sub.elsewhere.example"),
          List.of("bob@example.com", "x@elsewhere.example"),
          List.of("special@example.com", "x@elsewhere.example", "ann@example.com"),
          List.of("x@dunno.example", "x@elsewhere.example"),
          List.of("robot@example.com", "x@elsewhere.example"),
          List.of("bot", "bot", "ann"),
          List.of("carl", "carl+x"),
          List.of("x@int.example", "ceo@example.com"),
          List.of("x@a.dept.example.com", "bob"),
          List.of("x@dept.example.com", "bob"),
          List.of("x@a.keep.example.com", "bob"),
          List.of("admin@a.example.com", "bob"),
          List.of("jd@example.com", "old+ext@example.com", "joe+ext@example.com"),
          List.of("one@example.com", "one+x@example.com"),
          List.of("self@example.com", "ann+a+b@example.com"),
          List.of("\"odd one\"@example.com", "\"a b\"@va.example"),
          List.of("mailer-daemon@example.com", "ann"),
          List.of("x@old.example.com", "ann+x@old.example.com"),
          List.of("x@far.example", "info@va.example"),
          List.of("x@far.example", "sales@va.example", "info@va.example"),
          List.of("x@far.example", "all@va.example", "ann", "ann", "ANN@example.com"),
          List.of("x@far.example", "plus+x@va.example", "plus+y@va.example"),
          List.of("x@far.example", "loop@va.example"),
          List.of("x@far.example", "any+x@catch.example"),
          List.of("x@far.example", "any+x@moved.example"),
          List.of("x@far.example", "new+x", "keep"),
          List.of("x@far.example", "first.last@people.example.com", "list-n@Example.com"),
          List.of("x@far.example", "team", "ann"),
          List.of("x@far.example", "list"),
          List.of("x@far.example", "nested"),
          List.of("x@far.example", "dora", "Dora+x"),
          List.of("x@far.example", "selfish"),
          List.of("x@far.example", "a1"),
          List.of("x@far.example", "command"),
          List.of("x@far.example", "postmaster", "mailer-daemon"),
          List.of("x@far.example", "ann@vm.example", "ann+x@vm.example", "x@all.vm.example"),
          List.of("x@far.example", "ann@relay.example", "ann+x@open.relay.example"),
          List.of("his@local.internal", "her@local.internal", "x+y@local.internal"),
          List.of(
              "x@far.example", "spam@spamtrap.example", "x@next.example", "x@usual.far.example"),
          // tables are asked for the bare name at an address of ours
          List.of("joe@[127.0.0.1]", "joe@[127.0.0.1]"),
          List.of("x@far.example", "new@[127.0.0.1]", "keep+x@[127.0.0.1]"),
          List.of("x@far.example", "old@[127.0.0.1]", "ann+x@[127.0.0.1]"),
          List.of("bot@[127.0.0.1]", "first.last@[127.0.0.1]"),
          // turned before the origin is added
          List.of("far.example!x", "va.example!info", "far.example!a.example!y"),
          List.of("x%far.example", "info%va.example", "y%a.example%far.example"),
          List.of("\"far.example!x\"", "\"va.example!info\"", "\"carl%example.com\""),
          List.of("x@far.example", "\"a b%va.example\"", "\"\"@example.com"),
          List.of("Joe<joe>", "Ann<ann>", "Info <info%va.example>"));

  private static final List<String> SECTIONS =
      List.of(
          "From: joe (Joe)\nTo: ann, bob@host\n",
          "From: Joe <joe>\nTo: \"Ann, S.\" <ann>, bob\n",
          "From:joe\nTo:   ann\n",
          "From: joe+x@example.com\nTo: joe@example.com, JOE@EXAMPLE.COM\n",
          "From: one@example.com\nCc: ann@host1.example.com,ann@old.example.com\n",
          "From: x@a.example.com\n"
              + "To: y@a.dept.example.com, z@keep.example.com, u@b.keep.example.com,"
              + " admin@c.example.com\n",
          "Sender: bot\nFrom: bot@example.com\nReply-To: bot\nTo: bot, old\n",
          "From: x@int.example\n"
              + "To: x@int.example\n"
              + "Errors-To: x@int.example\n"
              + "Return-Receipt-To: joe\n",
          "From: ann\nTo: friends: ann, bob@far.example; , carl\n",
          "From: ann\nTo: undisclosed-recipients:;\n",
          "From: ann\nTo: Undisclosed recipients: ;\n",
          "From: ann\n"
              + "To: <@a.example,@b.example:joe@example.com>, site!user, user%site, user@host.\n",
          "From: ann\nTo: \"joe\"@example.com, \"a b\"@example.com, \"odd one\"@example.com\n",
          "From: ann\nTo: joe (a (nested) comment), (before) joe, joe@example.com (after)\n",
          "From: ann\nTo: joe,\n bob@far.example,\n\tcarl\n",
          "From: ann\nTo: joe,,bob@far.example, ,carl,\n",
          "From: ann\n"
              + "To: a.very.long.address@some.very.long.domain.far.example,"
              + " another.very.long.address@some.very.long.domain.far.example, joe\n",
          "From: ann\n"
              + "To: =?utf-8?q?J=C3=B6?= <joe>, \"J\u00f6e\" <joe>, J\u00f6e <joe@example.com>\n",
          "From: ann\nTo: Joe Doe joe@example.com\n",
          "From: ann\nTo: joe @ example.com, joe@ example.com, joe . doe@example.com\n",
          "From: ann\nTo: <joe@example.com, joe@example.com>, <>\n",
          "From: ann\nTo: @, <@>, \"\", joe@\n",
          "From: ann\nTo: joe@example.com.\n",
          "From: ann\nTo: joe@[192.0.2.1], ann@[IPv6:2001:db8::1]\n",
          "From: ann\nTo: \"unclosed, joe\n",
          "From: ann\nTo: (unclosed, joe\n",
          "From: ann\nTo: joe; bob@far.example\n",
          "From: ann\nTo:\nCc: \nBcc: joe\nSubject: s\n",
          "From: ann\nTo:\n joe\n",
          "From: ann\nTo : joe\nto: joe\nTO: joe\n",
          "From: ann\n"
              + "Resent-From: joe\n"
              + "Resent-To: joe\n"
              + "Resent-Cc: joe\n"
              + "Resent-Bcc: joe\n"
              + "Resent-Reply-To: joe\n",
          "Return-Path: <joe>\n"
              + "From: ann\n"
              + "Content-Length: 7\n"
              + "Apparently-To: joe\n"
              + "Mail-Followup-To: joe\n"
              + "Disposition-Notification-To: joe\n",
          "Subject: nothing else\n",
          "Subject: Make Money fast\nFrom: joe\n",
          "X-Secret: 1\nX-Old-Name: 2\nX-Mark: 3\nFrom: joe\nTo: ann\n",
          "From: ann\nX-Other: joe\nDelivered-To: joe@far.example\nTo: carl\n",
          "From: his@local.internal\n"
              + "To: Him <his@local.internal>, her@local.internal, x+y@local.internal\n"
              + "Reply-To: his@local.internal\n",
          "From: ann\nTo: joe\\@x, \"joe\\\"q\"@example.com, joe\\ x@example.com\n",
          "From: ann\nTo: many, many+x, bot+x, jd\n",
          "From: ann\n"
              + "Date: Tue, 25 Aug 2026 10:00:00 +0000\n"
              + "Message-ID: <x@y>\n"
              + "To: \tjoe\t,\tcarl\t\n",
          "From: ann, joe\nSender: joe\nTo: <joe> (Joe), Joe(Joe)<joe>, <joe>Joe\n",
          "From: ann\nTo: <joe> <bot@example.com> Carl <carl> ann@host1.example.com\n",
          "From: ann\nTo: joe bot@example.com\n ann@host1.example.com (Ann)\tcarl\n",
          "From: ann\nTo: joe;bob@far.example; ;carl;\nCc: ;joe\n",
          "From: ann\nTo: team: joe bot; , others: <carl> <joe>;; Ann Lee <ann>\n",
          "From: ann\nTo: a: b: joe; c: carl\nCc: joe:carl, x:joe;\n",
          "From: ann\nTo: \"Doe, J.\" <joe> \"Carl\" (C.) <carl>; \"odd one\"@example.com joe\n",
          "From: ann\nTo: Joe B. Doe <joe>, Dr. Who carl, [x] joe\n",
          "From: ann\nTo: <joe (Joe)@example.com>, < (c) joe >, joe(Joe)carl\n",
          "From: ann\nTo: Joe <joe\nCc: joe>, <<joe>>, <joe\n",
          "From: ann\nTo: joe@example.com@far.example, joe%example.com bot!carl, a..b, .c\n",
          "From: ann\n"
              + "To: (Joe) (D\u00f6) joe (x \\) y), \u00c3\u00a9 joe, <\u00c3\u009f@far.example>\n",
          "From: Joe joe\nReply-To: Carl <carl>; joe\nSender: <joe> bot\n",
          "From: ann\nTo: [joe], joe@[192.0.2.1] carl\n",
          "From: ann\nTo: |cat joe, /x/y joe, :include:/x joe, \\joe carl\n",
          "From: ann\nX-To: joe, \"Bot\" <bot> ann@host1.example.com; jd\nX-Mark: 1\nX-Mark: 2\n",
          "X-From: Joe <joe>\nTo: carl\nX-Aside: joe\nX-Aside: old, ann\n",
          "From: joe (gone)\nMessage-Id: <1@gone>\nDate: gone\nTo: ann\n",
          "From: ann\nX-Copy: old@example.com\nX-Copy: info@va.example\n",
          "From: ann\n"
              + "X-Copy: jd@example.com\n"
              + "X-Copy: x@b.dept.example.com\n"
              + "X-To: team: old joe;\n");

  private static void run(String... command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
