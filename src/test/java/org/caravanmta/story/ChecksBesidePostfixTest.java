package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The same tables and messages to a running Postfix and to Caravan (postfix `header_checks(5)`):
/// what each answers, logs, and gives on.
@Execution(ExecutionMode.CONCURRENT)
class ChecksBesidePostfixTest {
  private static final List<String> KINDS =
      List.of("header", "mime_header", "nested_header", "body");

  /// `QID: action: header …` in either log.
  private static final Pattern ACTION =
      Pattern.compile(
          "(\\w{10,}):"
              + " (reject|warning|info|filter|pass|discard|hold|prepend|replace|redirect|bcc|strip):"
              + " ((?:header|body) .*)");

  private static final Pattern SENDER = Pattern.compile("from=<(s\\d+@client\\.example)>");

  /// How they differ, and why that is to be so.
  private static final Map<String, String> DIFFERENT =
      Map.of(
          "space before colon",
          "fields that no rule changes keep their bytes, so that signatures stay good",
          "long line",
          "a line that is too long is broken at white space where it has some",
          "a field of 3000",
          "likewise",
          "beyond the header limit",
          "rules see the first 102,400 bytes of a field; the rest is not dropped",
          "no empty line",
          "the empty line behind the header section is always sent (RFC 5322 §2.1)");

  @TempDir Path directory;

  /// What became of a message.
  record Fate(String reply, List<String> log, String shelf, Shelf.Kept kept) {
    private static final Shelf.Kept NOTHING = new Shelf.Kept("", "");

    /// Without what differs from server to server, and from time to time.
    static Fate of(String reply, List<String> log, Shelves shelves, String sender) {
      for (var shelf :
          Map.of("relay", shelves.relay, "filter", shelves.filter, "seven", shelves.seven)
              .entrySet()) {
        Shelf.Kept kept = shelf.getValue().bySender.get(sender);
        if (kept != null) {
          return new Fate(
              reply, log, shelf.getKey(), new Shelf.Kept(kept.recipients(), plain(kept.text())));
        }
      }
      return new Fate(reply, log, "", NOTHING);
    }

    private static String plain(String text) {
      return text.replaceFirst("(?s)Received: from client\\.example .*?\r\n(?![ \t])", "");
    }
  }

  @Test
  void bothDoTheSame() throws Exception {
    List<String> missing = CheckingPostfix.missing().toList();
    assumeTrue(missing.isEmpty(), () -> "not installed: " + missing);
    var messages = CheckedMessages.all();
    assertThat(messages).hasSizeGreaterThan(100);
    Map<String, Fate> theirs;
    Map<String, Fate> ours;
    try (var shelves = new Shelves()) {
      var settings = new ArrayList<String>();
      tables(shelves.filter.port)
          .forEach((kind, table) -> settings.add(kind + "_checks = " + table));
      settings.add(
          "transport_maps = inline:{{seven.example = smtp:[127.0.0.1]:"
              + shelves.seven.port
              + "}}");
      try (var postfix =
          CheckingPostfix.start(directory.resolve("postfix"), shelves.relay.port, settings)) {
        theirs =
            fates(
                messages,
                send(postfix.port, messages),
                shelves,
                () -> postfix.log().lines().toList());
      }
    }
    try (var shelves = new Shelves()) {
      var settings = new ArrayList<String>();
      tables(shelves.filter.port)
          .forEach(
              (kind, table) ->
                  set(settings, "checks." + kind.replace('_', '-') + "=[\"" + table + "\"]"));
      set(settings, "delivery.relayhost=[127.0.0.1]:" + shelves.relay.port);
      set(
          settings,
          "routing.transport=['inline:{seven.example=smtp:[127.0.0.1]:"
              + shelves.seven.port
              + "}']");
      set(settings, "rewriting.local-clients=[]");
      try (var caravan = Server.start(directory.resolve("var"), settings.toArray(String[]::new))) {
        ours = fates(messages, send(caravan.smtp, messages), shelves, caravan::lines);
      }
    }
    var different = new LinkedHashMap<String, String>();
    for (String name : messages.keySet()) {
      if (!theirs.get(name).equals(ours.get(name))) {
        different.put(name, "postfix: " + theirs.get(name) + "\ncaravan: " + ours.get(name));
      }
    }
    var unexpected = new LinkedHashMap<>(different);
    unexpected.keySet().removeAll(DIFFERENT.keySet());
    assertThat(unexpected).isEmpty();
    assertThat(different.keySet()).containsExactlyInAnyOrderElementsOf(DIFFERENT.keySet());
  }

  private static void set(List<String> settings, String setting) {
    settings.addAll(List.of("--set", setting));
  }

  /// Where mail ends up: at the relay host, at a content filter, or at a server of seven bits.
  private record Shelves(Shelf relay, Shelf filter, Shelf seven) implements AutoCloseable {
    Shelves() throws IOException {
      this(
          Shelf.start("250-PIPELINING\r\n250 8BITMIME"),
          Shelf.start("250-PIPELINING\r\n250 8BITMIME"),
          Shelf.start("250 PIPELINING"));
    }

    boolean has(String sender) {
      return Stream.of(relay, filter, seven).anyMatch(shelf -> shelf.bySender.containsKey(sender));
    }

    @Override
    public void close() throws IOException {
      relay.close();
      filter.close();
      seven.close();
    }
  }

  /// The tables, as each server names them.
  private Map<String, String> tables(int filter) throws IOException {
    var tables = new LinkedHashMap<String, String>();
    for (String kind : KINDS) {
      Path table = directory.resolve(kind + filter);
      Files.writeString(
          table,
          Files.readString(Path.of("src/test/resources/checks", kind))
              .replace("@FILTER@", Integer.toString(filter)));
      tables.put(kind, "pcre:" + table);
    }
    return tables;
  }

  private static Map<String, String> send(int port, Map<String, String> messages)
      throws IOException {
    var replies = new LinkedHashMap<String, String>();
    try (var talk = Talk.to(port)) {
      int number = 0;
      for (var message : messages.entrySet()) {
        talk.say("MAIL FROM:<" + sender(number++) + "> BODY=8BITMIME");
        boolean seven = message.getKey().startsWith(CheckedMessages.SEVEN);
        talk.say("RCPT TO:<bob@" + (seven ? "seven" : "dest") + ".example>");
        talk.say("DATA");
        String text = message.getValue().replaceAll("(?m)^\\.", "..");
        replies.put(
            message.getKey(),
            talk.data(text.getBytes(ISO_8859_1)).replaceFirst("queued as .*", "queued"));
      }
    }
    return replies;
  }

  private interface Log {
    List<String> lines() throws IOException;
  }

  private static Map<String, Fate> fates(
      Map<String, String> messages, Map<String, String> replies, Shelves shelves, Log log)
      throws IOException {
    Map<String, List<String>> actions =
        log.lines().stream()
            .flatMap(line -> Stream.of(ACTION.matcher(line)).filter(m -> m.find()))
            .collect(
                Collectors.groupingBy(
                    m -> {
                      var sender = SENDER.matcher(m.group(3));
                      return sender.find() ? sender.group(1) : "";
                    },
                    Collectors.mapping(
                        m -> plain(m.group(2) + ": " + m.group(3)), Collectors.toList())));
    var fates = new LinkedHashMap<String, Fate>();
    int number = 0;
    for (String name : messages.keySet()) {
      String sender = sender(number++);
      String reply = String.valueOf(replies.get(name));
      List<String> said = actions.getOrDefault(sender, List.of());
      boolean kept =
          reply.startsWith("2")
              && said.stream().noneMatch(s -> s.startsWith("hold:") || s.startsWith("discard:"));
      if (kept) {
        await(name).atMost(Duration.ofSeconds(90)).until(() -> shelves.has(sender));
      }
      fates.put(name, Fate.of(reply, said, shelves, sender));
    }
    return fates;
  }

  /// Without the port that is another each time; bytes that are not ASCII are question marks in
  /// Postfix's log, characters in ours.
  private static String plain(String line) {
    return line.replaceAll("(127\\.0\\.0\\.1\\]):\\d{2,}", "$1:P").replaceAll("[^ -~]+|\\?+", "?");
  }

  private static String sender(int number) {
    return "s" + number + "@client.example";
  }
}
