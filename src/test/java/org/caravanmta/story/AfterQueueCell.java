package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One filter after the queue with one fault, and what is declared to become of mail about which it
/// gives no answer.
final class AfterQueueCell implements Closeable {
  /// What is declared.
  enum Declared {
    /// Tried again until there is an answer.
    RETRY(Place.PATIENT, "tempfail"),
    /// What the step itself says stands for the answer.
    REJECT(Place.PATIENT, "reject"),
    QUARANTINE(Place.PATIENT, "quarantine"),
    ACCEPT(Place.PATIENT, "accept"),
    MARK(Place.PATIENT, "mark"),
    /// What follows when the patience with it is over.
    THEN_HOLD(Place.HOLDING, "tempfail"),
    THEN_MARK(Place.MARKING, "tempfail"),
    THEN_OTHER(Place.OTHER, "tempfail");

    final Place place;
    final String action;

    Declared(Place place, String action) {
      this.place = place;
      this.action = action;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// The servers, by what they do when their patience is over, and with what a filter refuses.
  enum Place {
    PATIENT("1d", "hold", "quarantine"),
    HOLDING("1s", "hold", "report"),
    MARKING("1s", "mark", "discard"),
    OTHER("1s", "filter.other", "quarantine");

    final String patience;
    final String failing;
    final String refused;

    Place(String patience, String failing, String refused) {
      this.patience = patience;
      this.failing = failing;
      this.refused = refused;
    }
  }

  /// What is seen of a server.
  ///
  /// @param queues the list of all queues
  /// @param other the milter of the route `filter.other` was told of these recipients
  record Seen(
      String queues, String quarantine, String hold, List<String> log, List<String> other) {}

  private static final int LINES = 600;
  private static final String BODY =
      "a line of a message that is long enough to be cut in the middle of it\r\n".repeat(LINES);

  final String protocol;
  final Fault fault;
  final Declared declared;

  /// The address that the client comes from, by which the route knows the filter; every other one
  /// is a stranger's.
  final String client;

  private final boolean stranger;
  private final Mailbag bag;
  private final FaultyStep filter;
  private String id = "";
  private String outcome = "?";

  /// @param programs where programs are
  AfterQueueCell(String protocol, Fault fault, Declared declared, Mailbag bag, Path programs)
      throws IOException {
    this.protocol = protocol;
    this.fault = fault;
    this.declared = declared;
    this.bag = bag;
    this.stranger = fault.ordinal() % 2 == 1;
    this.client =
        "127.%d.%d.%d"
            .formatted(
                (stranger ? 200 : 20) + FaultyStep.PROTOCOLS.indexOf(protocol),
                1 + fault.ordinal(),
                1 + declared.ordinal());
    this.filter = new FaultyStep(protocol, fault, name(), bag, programs);
  }

  String name() {
    return ("a-" + protocol + "-" + fault + "-" + declared).toLowerCase(Locale.ROOT);
  }

  String step() {
    return filter.written() + " default_action=" + declared.action;
  }

  Optional<String> program() {
    return filter.setting();
  }

  String outcome() {
    return outcome;
  }

  void begin() throws IOException {
    filter.begin();
  }

  void mend() throws IOException {
    filter.mend();
  }

  private String recipient(int number) {
    return name() + "-" + number + "@example.com";
  }

  private String sender(int number) {
    return "from" + number + "-" + name() + "@example.com";
  }

  /// A message while the filter has its fault.
  void first(int port) throws IOException {
    id = send(port, 1, BODY);
  }

  /// Two when it has none: one that it is to refuse, and another.
  void others(int port) throws IOException {
    send(port, 2, "x" + Dialect.VIRUS + "\r\n");
    send(port, 3, "hello\r\n");
  }

  private String send(int port, int number, String body) throws IOException {
    try (var talk = Talk.from(client, port)) {
      String reply =
          talk.send(
              sender(number),
              recipient(number),
              "From: s@example.org\r\nSubject: x\r\nMessage-ID: <1@x>\r\n"
                  + "Date: Mon, 30 Nov 2026 00:19:24 +0000\r\n\r\n"
                  + body);
      assertThat(reply).as(name()).startsWith("250 ");
      return reply.substring(reply.lastIndexOf(' ') + 1);
    }
  }

  /// Whether the fault has had its effect on the first message.
  boolean isHit(List<String> log) {
    if (fault == Fault.SLOW) {
      return !bag.of(recipient(1)).isEmpty();
    }
    String sign = declared.name().startsWith("THEN_") ? "not for 1s: " : "no answer: ";
    return log.stream().anyMatch(line -> line.contains(id) && line.contains(sign))
        || !bag.of(recipient(1)).isEmpty();
  }

  /// Whether none of its messages is under way any more.
  boolean isDone(Seen seen) {
    return count(seen.queues, name() + "-")
            == count(seen.quarantine, name() + "-") + count(seen.hold, name() + "-")
        && !bag.of(recipient(3)).isEmpty();
  }

  void check(Seen seen) {
    List<String> delivered = bag.of(recipient(1));
    int set = count(seen.quarantine, recipient(1));
    int held = count(seen.hold, recipient(1));
    boolean marked = delivered.stream().anyMatch(text -> text.contains("X-Not-Filtered: "));
    boolean other = seen.other.contains("R <" + recipient(1) + ">");
    outcome =
        ((set > 0 ? "quarantine " : "")
                + (held > 0 ? "held " : "")
                + (delivered.isEmpty() ? "" : marked ? "marked " : "delivered ")
                + (other ? "by the other " : "")
                + (set + held + delivered.size() == 0 ? "LOST" : "")
                + (set + held + delivered.size() > 1 ? "DOUBLED" : ""))
            .strip();
    assertThat(outcome).as(why(seen.log)).isEqualTo(expected());
    if (fault == Fault.SLOW || declared == Declared.RETRY) {
      if (!protocol.equals("pipe")) {
        assertThat(filter.judged())
            .as("what it was shown")
            .anyMatch(text -> text.contains(BODY.strip()));
      }
    }
    if (fault != Fault.SLOW) {
      assertThat(why(seen.log)).as("the log says why").isNotBlank();
    }
    checkRefused(seen);
    List<String> last = bag.of(recipient(3));
    assertThat(last).hasSize(1);
    assertThat(last.getFirst()).doesNotContain("X-Not-Filtered");
    assertThat(count(seen.queues, recipient(3))).isZero();
  }

  private String expected() {
    if (fault == Fault.SLOW) {
      return "delivered";
    }
    return switch (declared) {
      case RETRY, ACCEPT -> "delivered";
      case REJECT, QUARANTINE -> "quarantine";
      case MARK, THEN_MARK -> "marked";
      case THEN_HOLD -> "held";
      case THEN_OTHER -> "delivered by the other";
    };
  }

  /// No report goes to a stranger, who may not be who he says.
  private void checkRefused(Seen seen) {
    assertThat(bag.of(recipient(2))).as("the one that it is to refuse").isEmpty();
    int set = count(seen.quarantine, recipient(2));
    int reports = bag.of(sender(2)).size();
    assertThat(set + " set aside, " + reports + " reported")
        .isEqualTo(
            switch (declared.place.refused) {
              case "report" -> stranger ? "1 set aside, 0 reported" : "0 set aside, 1 reported";
              case "discard" -> "0 set aside, 0 reported";
              default -> "1 set aside, 0 reported";
            });
    assertThat(bag.of(sender(1))).isEmpty();
    assertThat(bag.of(sender(3))).isEmpty();
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

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Override
  public void close() throws IOException {
    filter.close();
  }
}
