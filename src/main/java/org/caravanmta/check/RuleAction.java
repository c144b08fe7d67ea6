package org.caravanmta.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.event.CheckEvent;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What a rule does with the {@link Unit} it matches, or with the whole message (postfix
/// `header_checks(5)`, ACTIONS).
sealed interface RuleAction {
  /// A line break after which no continuation of a field follows (RFC 5322 §2.2.3).
  Pattern ANOTHER_LINE = Pattern.compile("\r(?!\n)|\n(?![ \t])");

  /// The message is refused: 550, or 451 when the rule gives a 4.x.x status.
  record Reject(Reply reply) implements RuleAction {}

  /// The client gets 250; the message is dropped.
  record Discard(String why) implements RuleAction {}

  /// The message is queued, but held.
  record Hold(String why) implements RuleAction {}

  /// The unit is removed; with a line in the log (STRIP) or without (IGNORE).
  record Strip(boolean logged, String why) implements RuleAction {}

  /// The unit is replaced by this field or line.
  record Replace(String text) implements RuleAction {}

  /// This field or line is put before the unit.
  record Prepend(String text) implements RuleAction {}

  /// The whole message goes to this content filter; of several, the last one counts.
  record Filter(NamedTransport through) implements RuleAction {}

  /// All recipients are replaced by this one, and no further unit is looked at.
  record Redirect(Address address) implements RuleAction {}

  /// This recipient gets a copy (BCC).
  record Copy(Address address) implements RuleAction {}

  /// Nothing but a line in the log: WARN, or INFO.
  record Log(boolean warning, String text) implements RuleAction {}

  /// No further unit of the message is looked at.
  record Pass(String why) implements RuleAction {}

  /// Nothing (DUNNO), but no further rule is tried on the unit.
  record Nothing() implements RuleAction {}

  /// The event that tells the log of this action; absent for actions that are not logged.
  ///
  /// @param unit what the rule has matched, `header Subject: sale`
  default Optional<CheckEvent> told(Mail mail, String unit) {
    return switch (this) {
      // the code is in the reply; what is told is what the rule says
      case Reject(Reply reply) ->
          told(
              mail,
              unit,
              CheckEvent.Action.REJECT,
              reply.status().map(status -> status + " ").orElse("") + reply.lines().getLast());
      case Discard(String why) -> told(mail, unit, CheckEvent.Action.DISCARD, why);
      case Hold(String why) -> told(mail, unit, CheckEvent.Action.HOLD, why);
      case Strip(boolean logged, String why) ->
          logged ? told(mail, unit, CheckEvent.Action.STRIP, why) : Optional.empty();
      case Replace(String other) -> told(mail, unit, CheckEvent.Action.REPLACE, other);
      case Prepend(String other) -> told(mail, unit, CheckEvent.Action.PREPEND, other);
      case Filter(var through) -> told(mail, unit, CheckEvent.Action.FILTER, through.toString());
      case Redirect(Address address) ->
          told(mail, unit, CheckEvent.Action.REDIRECT, address.toString());
      case Copy(Address address) -> told(mail, unit, CheckEvent.Action.BCC, address.toString());
      case Log(boolean warning, String text) ->
          told(mail, unit, warning ? CheckEvent.Action.WARNING : CheckEvent.Action.INFO, text);
      case Pass(String why) -> told(mail, unit, CheckEvent.Action.PASS, why);
      case Nothing() -> Optional.empty();
    };
  }

  private static Optional<CheckEvent> told(
      Mail mail, String unit, CheckEvent.Action action, String text) {
    return Optional.of(new CheckEvent.Matched(mail, unit, action, text));
  }

  /// Reads the value of a rule.
  ///
  /// @param header whether the rule is for fields, so that the text it puts in must be a field
  /// @throws IllegalArgumentException says what was expected
  static RuleAction parse(String value, boolean header) {
    // white space at the end belongs to the text that is put in
    String[] words = value.stripLeading().split("\\s+", 2);
    String text = words.length > 1 ? words[1] : "";
    return switch (words[0].toUpperCase(Locale.ROOT)) {
      case "REJECT" -> new Reject(refusal(text));
      case "DISCARD" -> new Discard(line(text));
      case "HOLD" -> new Hold(line(text));
      case "IGNORE" -> new Strip(false, "");
      case "STRIP" -> new Strip(true, line(text));
      case "REPLACE" -> new Replace(header ? field(text) : body(text));
      case "PREPEND" -> new Prepend(header ? field(text) : body(text));
      case "REDIRECT" -> new Redirect(address(text));
      case "BCC" -> new Copy(address(text));
      case "WARN" -> new Log(true, line(text));
      case "INFO" -> new Log(false, line(text));
      case "PASS" -> new Pass(line(text));
      case "DUNNO", "OK" -> new Nothing();
      case "FILTER" -> new Filter(NamedTransport.filter(text));
      default ->
          throw new IllegalArgumentException(
              "expected REJECT, DISCARD, HOLD, FILTER, IGNORE, STRIP, REPLACE, PREPEND, REDIRECT,"
                  + " BCC, WARN, INFO, PASS, DUNNO or OK, found \""
                  + words[0]
                  + "\"");
    };
  }

  /// Checks the value of a rule for mail that leaves: such a rule can edit the text, but no longer
  /// decide about the message (postfix `smtp_header_checks`).
  ///
  /// @throws IllegalArgumentException says what was expected
  static void expectOnTheWire(String value, boolean header) {
    String word = value.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
    switch (word) {
      case "REJECT", "DISCARD", "HOLD", "REDIRECT", "BCC", "PASS", "FILTER" ->
          throw new IllegalArgumentException(
              "expected IGNORE, STRIP, REPLACE, PREPEND, WARN, INFO, DUNNO or OK, found \""
                  + word
                  + "\"");
      default -> expect(value, header);
    }
  }

  /// Checks the value of a rule for attachments: such a rule cannot edit.
  ///
  /// @throws IllegalArgumentException says what was expected
  static void expectOfAttachments(String value) {
    String word = value.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
    switch (word) {
      case "IGNORE", "STRIP", "REPLACE", "PREPEND", "REDIRECT", "BCC", "FILTER" ->
          throw new IllegalArgumentException(
              "expected REJECT, HOLD, DISCARD, WARN, INFO, PASS, DUNNO or OK, found \""
                  + word
                  + "\"");
      default -> expect(value, true);
    }
  }

  /// Checks the value of a rule when its table is read. A value with a `$` is let through, since
  /// `$1` may stand for anything.
  ///
  /// @throws IllegalArgumentException says what was expected
  static void expect(String value, boolean header) {
    try {
      parse(value, header);
    } catch (IllegalArgumentException e) {
      if (!value.contains("$")) {
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

  /// A field that a rule puts in. What `$1` stands for may have line breaks in it; a break that is
  /// not followed by white space would begin another field, and is refused.
  private static String field(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (Headers.nameEnd(bytes, 0, bytes.length) < 0 || ANOTHER_LINE.matcher(text).find()) {
      throw new IllegalArgumentException("expected \"Name: value\", found \"" + text + "\"");
    }
    return text.replaceAll("\r?\n", "\r\n");
  }

  private static String body(String text) {
    return text.replaceAll("[\r\n]+", " ");
  }

  private static Address address(String text) {
    if (text.indexOf('@') < 0) {
      throw new IllegalArgumentException("expected user@domain, found \"" + text + "\"");
    }
    return Address.parse(text.strip());
  }

  /// Text as a reply and the log can have it: one line of printable ASCII.
  private static String line(String text) {
    return text.strip().replaceAll("\\s*[\r\n]+\\s*", " ").replaceAll("[^ -~]", "?");
  }
}
