package org.caravanmta.smtp.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.caravanmta.message.Status;

/// One line that a server sends: a line of a reply, `250-text` or `250 text` (RFC 5321 §4.2.1), or
/// something else.
///
/// @param code the reply code, or -1 if it is not a line of a reply
/// @param ends whether it is the last line of its reply
/// @param status the enhanced status before the text, if its class is that of the code (RFC 2034
///   §4)
/// @param text without code and status; control characters are replaced by `?`
record ReplyLine(int code, boolean ends, Optional<Status> status, String text) {
  /// In bytes. RFC 5321 §4.5.3.1.5 allows 512; what a longer line says beyond this limit is ignored
  /// (postfix `line_length_limit`).
  static final int LONGEST = 2048;

  private static final int DIGITS = 3;

  /// Reads a line.
  ///
  /// @param to the offset of its LF; a CR before it is not part of the line
  static ReplyLine of(byte[] bytes, int from, int to) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    int code = code(bytes, from, end);
    if (code < 0) {
      return new ReplyLine(-1, false, Optional.empty(), text(bytes, from, end));
    }
    boolean more = end - from > DIGITS && bytes[from + DIGITS] == '-';
    String text = text(bytes, Math.min(from + DIGITS + 1, end), end);
    String stripped = text.stripLeading();
    int space = stripped.indexOf(' ');
    String first = space < 0 ? stripped : stripped.substring(0, space);
    Optional<Status> status = Status.parse(first).filter(found -> found.digit() == code / 100);
    return new ReplyLine(
        code,
        !more,
        status,
        status.isPresent() ? stripped.substring(first.length()).stripLeading() : text);
  }

  /// Whether it is a code and nothing else; if the connection ends here, this may be the beginning
  /// of `250-`.
  boolean bare() {
    return text.isEmpty() && status.isEmpty();
  }

  /// The code: three digits before a hyphen, a blank or the end of the line; -1 if there is none.
  private static int code(byte[] bytes, int from, int end) {
    int code = 0;
    for (int at = from; at < from + DIGITS; at++) {
      if (at >= end || bytes[at] < '0' || bytes[at] > '9') {
        return -1;
      }
      code = code * 10 + bytes[at] - '0';
    }
    if (end - from == DIGITS) {
      return code;
    }
    return switch (bytes[from + DIGITS]) {
      case ' ', '\t', '-' -> code;
      default -> -1;
    };
  }

  /// The text without control characters: replies go into the log and into reports, where none may
  /// look like a line of ours.
  private static String text(byte[] bytes, int from, int to) {
    var text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    var printable = new StringBuilder(text);
    for (int at = 0; at < printable.length(); at++) {
      if (Character.isISOControl(printable.charAt(at))) {
        printable.setCharAt(at, '?');
      }
    }
    return printable.toString();
  }
}
