package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One filter with one fault and one action.
final class FaultCell {
  static final List<String> PROTOCOLS = FaultyStep.PROTOCOLS;
  static final List<String> ACTIONS =
      List.of("tempfail", "reject", "quarantine", "accept", "mark", "shutdown");
  private static final int LINES = 600;
  private static final String BODY = body();

  final String protocol;
  final Fault fault;
  final String action;

  /// The address that the client comes from, by which the route knows the filter.
  final String client;

  private final Mailbag bag;
  private final FaultyStep filter;
  private String first = "";
  private String second = "";
  private String third = "";
  private String outcome = "?";

  /// @param programs where programs are
  FaultCell(String protocol, Fault fault, String action, Mailbag bag, Path programs)
      throws IOException {
    this.bag = bag;
    this.protocol = protocol;
    this.fault = fault;
    this.action = action;
    this.client =
        "127.%d.%d.%d"
            .formatted(
                10 + PROTOCOLS.indexOf(protocol), 1 + fault.ordinal(), 1 + ACTIONS.indexOf(action));
    this.filter = new FaultyStep(protocol, fault, name(), bag, programs);
  }

  String name() {
    return "f-" + protocol + "-" + fault.name().toLowerCase(Locale.ROOT) + "-" + action;
  }

  String recipient(int number) {
    return name() + "-" + number + "@example.com";
  }

  /// Whether the filter is to give an answer in spite of its fault.
  boolean answers() {
    return fault == Fault.SLOW;
  }

  /// The step of the route.
  String step() {
    return filter.written() + " default_action=" + action;
  }

  Optional<String> program() {
    return filter.setting();
  }

  String outcome() {
    return outcome;
  }

  /// Begins its fault, when all filters are ready.
  void begin() throws IOException {
    filter.begin();
  }

  void close() throws IOException {
    filter.close();
  }

  /// A message to the filter with its fault, and two on the same connection when it is mended: one
  /// that it is to refuse, and another.
  private void run(int port) throws IOException {
    var talk = Talk.silent(client, port);
    try {
      first = begin(talk, 1);
      boolean ended = first.startsWith("421");
      if (ended) {
        talk.close();
      }
      filter.mend();
      if (ended) {
        talk = Talk.silent(client, port);
        talk.reply();
        talk.say("EHLO client.example");
      }
      second = talk.send("s@example.org", recipient(2), letter("x" + Dialect.VIRUS + "\r\n"));
      third = talk.send("s@example.org", recipient(3), letter("hello\r\n"));
    } finally {
      talk.close();
    }
  }

  /// As {@link #run}; a connection that breaks is seen when the outcome is checked.
  void runAll(int port) {
    try {
      run(port);
    } catch (IOException | RuntimeException e) {
      third = "broken off: " + e;
    }
  }

  /// Whether none of its messages is under way any more.
  boolean isDone(String quarantine, String queues) {
    return count(queues, name() + "-") == 0
        || count(queues, name() + "-") == count(quarantine, name() + "-");
  }

  private String begin(Talk talk, int number) throws IOException {
    String greeting = talk.reply();
    if (!greeting.startsWith("220")) {
      return greeting;
    }
    String hello = talk.say("EHLO client.example");
    return hello.startsWith("250")
        ? talk.send("s@example.org", recipient(number), letter(BODY))
        : hello;
  }

  /// @param quarantine the list of that queue
  /// @param queues the list of all queues
  void check(String quarantine, String queues, List<String> log) {
    List<String> delivered = bag.of(recipient(1));
    int set = count(quarantine, recipient(1));
    boolean marked = delivered.stream().anyMatch(text -> text.contains("X-Not-Filtered: "));
    outcome =
        first.split(" ")[0]
            + (set > 0 ? " quarantine" : "")
            + (delivered.isEmpty() ? "" : marked ? " marked" : " delivered")
            + (set + delivered.size() > 1 ? " DOUBLED" : "");
    if (answers()) {
      assertThat(outcome).as(first + " " + why(log)).isEqualTo("250 delivered");
      if (!protocol.equals("pipe")) {
        assertThat(filter.judged().getFirst()).as("what it was shown").contains("line " + LINES);
      }
    } else {
      assertThat(outcome)
          .as(first + " " + why(log))
          .isEqualTo(
              switch (action) {
                case "tempfail" -> "451";
                case "reject" -> "550";
                case "quarantine" -> "250 quarantine";
                case "accept" -> "250 delivered";
                case "mark" -> "250 marked";
                default -> "421";
              });
      assertThat(why(log)).as("the log says why").isNotBlank();
    }
    // well again
    assertThat(second).as("the next message, which is to be refused").startsWith("55");
    assertThat(second).doesNotStartWith("550 5.5.0");
    assertThat(third).as("the last message").startsWith("250");
    assertThat(bag.of(recipient(2))).isEmpty();
    List<String> last = bag.of(recipient(3));
    assertThat(last).hasSize(1);
    assertThat(last.getFirst()).doesNotContain("X-Not-Filtered");
    // nothing is anywhere else
    for (int number = 1; number <= 3; number++) {
      String to = recipient(number);
      assertThat(count(queues, to)).as(to + " in the queues").isIn(0, count(quarantine, to));
    }
  }

  /// Why the filter gave no answer, as the log has it.
  String why(List<String> log) {
    String sign = step() + ": no answer: ";
    return log.stream()
        .filter(line -> line.contains(sign))
        .map(line -> line.substring(line.indexOf(sign) + sign.length()))
        .findFirst()
        .orElse("");
  }

  private static String body() {
    var body = new StringBuilder();
    for (int i = 1; i <= LINES; i++) {
      body.append("line ")
          .append(i)
          .append(" of a message that is long enough")
          .append(" to be cut in the middle of it, whatever the buffers hold\r\n");
    }
    return body.toString();
  }

  private static String letter(String body) {
    return "From: s@example.org\r\nSubject: x\r\nMessage-ID: <1@x>\r\n"
        + "Date: Mon, 30 Nov 2026 00:19:24 +0000\r\n\r\n"
        + body;
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
