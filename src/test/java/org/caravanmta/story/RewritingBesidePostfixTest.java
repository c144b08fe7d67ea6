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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Postfix and Caravan with the same tables, asked about the same recipients and given the same
/// messages: the same replies, and the same envelopes and header sections where they deliver to.
///
/// What differs on purpose is in {@link #KEPT} and {@link #COPIES}, each with its reason; when it
/// no longer does, this fails too.
@Execution(ExecutionMode.CONCURRENT)
class RewritingBesidePostfixTest extends RewritingServers {
  /// Header sections that come otherwise, by their place in {@link RewritingLetters#SECTIONS}. What
  /// they have in common: text that RFC 5322 does not call an address, and white space and comments
  /// around addresses, stay as their author has written them.
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

  /// Envelopes for which other copies come, by their place in {@link RewritingLetters#ENVELOPES}.
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
        .atMost(Duration.ofSeconds(90))
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
      for (int i = 0; i < RewritingLetters.SECTIONS.size(); i++) {
        messages.add(
            new Message(
                who + "h" + i,
                stranger,
                "joe",
                List.of("ann@example.com"),
                RewritingLetters.SECTIONS.get(i).replace("\n", "\r\n"),
                // a stranger's are left alone by both, but for the fields that are dropped
                KEPT.containsKey(i) && stranger == (i == 29)));
      }
      for (int i = 0; i < RewritingLetters.ENVELOPES.size(); i++) {
        List<String> paths = RewritingLetters.ENVELOPES.get(i);
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
}
