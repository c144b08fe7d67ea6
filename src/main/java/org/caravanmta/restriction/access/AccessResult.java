package org.caravanmta.restriction.access;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Status;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RefusalCodes;

/// What an access table, or a policy server, says of what it was asked about (postfix `access(5)`).
/// A text is empty when none was given.
public sealed interface AccessResult {
  /// Permitted: this list has no more to say.
  record Ok() implements AccessResult {}

  /// As if it were not in the table.
  record Dunno() implements AccessResult {}

  /// Refused, with a code of 4yz or 5yz.
  ///
  /// @param status of the code's class
  record Refused(int code, Status status, String text) implements AccessResult {}

  /// Deferred, if nothing else rejects it.
  record DeferIfPermit(String text) implements AccessResult {}

  /// Deferred, if something else rejects it.
  record DeferIfReject(String text) implements AccessResult {}

  /// Accepted and dropped.
  record Discard(String text) implements AccessResult {}

  /// Kept in the hold queue, should it be accepted.
  record Hold(String text) implements AccessResult {}

  /// Noted for the message, should it be accepted.
  record Noted(MessageAction action) implements AccessResult {}

  /// Said in the log.
  ///
  /// @param word `warn` or `info`
  record Said(String word, String text) implements AccessResult {}

  /// To be decided by restrictions, as they would stand in a list.
  record Restrictions(String list) implements AccessResult {}

  Pattern CODE = Pattern.compile("([45]\\d\\d)(?:\\s+(.*))?");
  Pattern FIELD = Pattern.compile("[!-9;-~]+:.*");

  /// With Postfix's codes.
  static AccessResult parse(String value) {
    return parse(value, RefusalCodes.USUAL);
  }

  /// @param codes those of REJECT and DEFER
  /// @throws IllegalArgumentException says what was expected
  static AccessResult parse(String value, RefusalCodes codes) {
    String[] parts = value.strip().split("\\s+", 2);
    String text = parts.length == 1 ? "" : parts[1].strip();
    return switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "OK", "RELAY" -> new Ok();
      case "DUNNO" -> new Dunno();
      case "REJECT" ->
          refused(codes.accessReject(), "5.7.1", text.isEmpty() ? "Access denied" : text);
      case "DEFER" ->
          refused(codes.accessDefer(), "4.7.1", text.isEmpty() ? "Access denied" : text);
      case "DEFER_IF_PERMIT" -> new DeferIfPermit(text);
      case "DEFER_IF_REJECT" -> new DeferIfReject(text);
      case "DISCARD" -> new Discard(text);
      case "HOLD" -> new Hold(text);
      case "REDIRECT" -> new Noted(new MessageAction.Redirect(address("REDIRECT", text)));
      case "BCC" -> new Noted(new MessageAction.Bcc(address("BCC", text)));
      case "PREPEND" -> new Noted(new MessageAction.Prepend(field(text)));
      case "WARN" -> new Said("warn", text);
      case "INFO" -> new Said("info", text);
      case "FILTER" -> new Noted(new MessageAction.Filter(NamedTransport.filter(text)));
      default -> coded(value.strip());
    };
  }

  /// Fit for a table's values: `$1` stands for something that is not yet known.
  static void expect(String value) {
    parse(value.replaceAll("\\$(\\d|\\{\\d+}|\\(\\d+\\))", "x"));
  }

  private static AccessResult coded(String value) {
    if (value.matches("\\d+") && !value.matches("[45]\\d\\d")) {
      return new Ok();
    }
    var coded = CODE.matcher(value);
    if (!coded.matches()) {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("expected a result such as OK or REJECT, found nothing");
      }
      return new Restrictions(value);
    }
    int code = Integer.parseInt(coded.group(1));
    String text = Optional.ofNullable(coded.group(2)).orElse("");
    String[] parts = text.split("\\s+", 2);
    Optional<Status> status = Status.parse(parts[0]);
    String said = status.isEmpty() ? text : parts.length == 1 ? "" : parts[1];
    if (said.isEmpty()) {
      throw new IllegalArgumentException("expected a text after " + code);
    }
    return new Refused(code, ofClass(code, status.orElse(Status.of("5.7.1"))), said);
  }

  private static Refused refused(int code, String status, String text) {
    String[] parts = text.split("\\s+", 2);
    Optional<Status> own = Status.parse(parts[0]);
    return own.isPresent() && parts.length == 2
        ? new Refused(code, ofClass(code, own.get()), parts[1])
        : new Refused(code, ofClass(code, Status.of(status)), text);
  }

  private static Status ofClass(int code, Status status) {
    return new Status(code / 100, status.subject(), status.detail());
  }

  private static Address address(String word, String text) {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected " + word + " user@domain, found \"" + text + "\"", e);
    }
  }

  private static String field(String text) {
    if (!FIELD.matcher(text).matches() || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new IllegalArgumentException("expected PREPEND Name: value, found \"" + text + "\"");
    }
    return text;
  }
}
