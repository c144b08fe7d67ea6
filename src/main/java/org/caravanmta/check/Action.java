package org.caravanmta.check;

import java.util.Locale;
import org.caravanmta.address.Address;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What a rule does with the field it matches, or with its message (postfix `header_checks(5)`,
/// ACTIONS).
sealed interface Action {
  /// The message is refused: 550, or 451 when the rule gives a 4.x.x status.
  record Reject(Reply reply) implements Action {}

  /// The client is told 250; the message is dropped.
  record Discard(String why) implements Action {}

  /// The message is queued, but held.
  record Hold(String why) implements Action {}

  /// The field goes; with a line in the log or without.
  record Strip(boolean logged, String why) implements Action {}

  record Replace(Headers.Field field) implements Action {}

  /// Another field is put before this one.
  record Prepend(Headers.Field field) implements Action {}

  /// All recipients are replaced by this one.
  record Redirect(Address address) implements Action {}

  /// A copy goes to this recipient too.
  record Copy(Address address) implements Action {}

  /// Nothing but a line in the log.
  record Log(boolean warning, String text) implements Action {}

  /// No further field of the message is looked at.
  record Pass(String why) implements Action {}

  /// Nothing: no further rule is tried on the field.
  record Nothing() implements Action {}

  /// Reads the value of a rule.
  ///
  /// @throws IllegalArgumentException says what was expected
  static Action parse(String value) {
    String[] words = value.strip().split("\\s+", 2);
    String text = words.length > 1 ? words[1] : "";
    return switch (words[0].toUpperCase(Locale.ROOT)) {
      case "REJECT" -> new Reject(refusal(text));
      case "DISCARD" -> new Discard(line(text));
      case "HOLD" -> new Hold(line(text));
      case "IGNORE" -> new Strip(false, "");
      case "STRIP" -> new Strip(true, line(text));
      case "REPLACE" -> new Replace(field(text));
      case "PREPEND" -> new Prepend(field(text));
      case "REDIRECT" -> new Redirect(address(text));
      case "BCC" -> new Copy(address(text));
      case "WARN" -> new Log(true, line(text));
      case "INFO" -> new Log(false, line(text));
      case "PASS" -> new Pass(line(text));
      case "DUNNO", "OK" -> new Nothing();
      case "FILTER" ->
          throw new IllegalArgumentException(
              "FILTER is not supported before content filters exist");
      default ->
          throw new IllegalArgumentException(
              "expected REJECT, DISCARD, HOLD, IGNORE, STRIP, REPLACE, PREPEND, REDIRECT, BCC,"
                  + " WARN, INFO, PASS, DUNNO or OK, found \""
                  + words[0]
                  + "\"");
    };
  }

  /// Checks the value of a rule before any field has matched it: `$1` in it may become anything.
  static void expect(String value) {
    try {
      parse(value);
    } catch (IllegalArgumentException e) {
      if (!value.contains("$") || value.strip().toUpperCase(Locale.ROOT).startsWith("FILTER")) {
        throw e;
      }
    }
  }

  private static Reply refusal(String text) {
    String[] words = text.split("\\s+", 2);
    Status status = Status.parse(words[0]).orElse(Status.of("5.7.1"));
    boolean given = Status.parse(words[0]).isPresent();
    String rest = line(given ? (words.length > 1 ? words[1] : "") : text);
    if (status.digit() == 2) {
      throw new IllegalArgumentException("REJECT takes a 4.x.x or 5.x.x status, found " + status);
    }
    return Reply.of(
        status.digit() == 4 ? 451 : 550,
        status.toString(),
        rest.isEmpty() ? "message content rejected" : rest);
  }

  private static Headers.Field field(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("expected \"Name: value\", found \"" + text + "\"");
    }
    // a match over several lines brings its line breaks along
    return Headers.Field.of(
        text.substring(0, colon).stripTrailing(),
        text.substring(colon + 1).strip().replaceAll("\r?\n", "\r\n"));
  }

  private static Address address(String text) {
    if (text.indexOf('@') < 0) {
      throw new IllegalArgumentException("expected user@domain, found \"" + text + "\"");
    }
    return Address.parse(text.strip());
  }

  /// One line of printable ASCII, as a reply and the log can carry it.
  private static String line(String text) {
    return text.replaceAll("\\s*[\r\n]+\\s*", " ").replaceAll("[^ -~]", "?");
  }
}
