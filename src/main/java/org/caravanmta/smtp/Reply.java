package org.caravanmta.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Status;

/// A reply of an SMTP server to a command (RFC 5321 §4.2), with its enhanced status if it has one
/// (RFC 2034).
///
/// @param code three digits; ours are from 200 to 599, those of other servers from 0 to 999
/// @param status the enhanced status, `5.1.1`
/// @param lines the text, at least one line; the status is not part of it
public record Reply(int code, Optional<Status> status, List<String> lines) {
  /// @throws IllegalArgumentException if the code has more than three digits, or there are no lines
  public Reply {
    if (code < 0 || code > 999) {
      throw new IllegalArgumentException("a reply code has three digits, was " + code);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a reply has at least one line");
    }
    lines = List.copyOf(lines);
  }

  /// A reply of one line with an enhanced status.
  ///
  /// @param status `5.7.1`; its class must be that of the code
  public static Reply of(int code, String status, String text) {
    return new Reply(code, Optional.of(Status.of(status)), List.of(text));
  }

  /// A reply without an enhanced status, as the greeting and those to EHLO and DATA are.
  public static Reply plain(int code, String... lines) {
    return new Reply(code, Optional.empty(), List.of(lines));
  }

  /// Whether the code is below 400.
  public boolean positive() {
    return code < 400;
  }

  /// Whether the code is 4yz: the same may succeed later (RFC 5321 §4.2.1).
  public boolean transientFailure() {
    return code >= 400 && code < 500;
  }

  /// Whether the code is 5yz or above.
  public boolean permanentFailure() {
    return code >= 500;
  }

  /// This reply, with a permanent failure turned into a transient one: 5yz becomes 4yz, in code and
  /// status (postfix `soft_bounce`).
  public Reply softened() {
    return permanentFailure()
        ? new Reply(code - 100, status.map(s -> new Status(4, s.subject(), s.detail())), lines)
        : this;
  }

  /// The reply on one line, as logs and reports show it: `550 5.1.1 unknown user`.
  @Override
  public String toString() {
    return digits() + status.map(s -> " " + s).orElse("") + " " + String.join(" ", lines);
  }

  private String digits() {
    return code < 100 ? String.format("%03d", code) : Integer.toString(code);
  }

  /// The reply as it is sent (RFC 5321 §4.2.1): every line with the status (RFC 2034 §4) and ended
  /// by CRLF.
  public String onTheWire() {
    var wire = new StringBuilder();
    String mark = status.map(s -> s + " ").orElse("");
    var rest = new ArrayList<>(lines);
    String last = rest.removeLast();
    rest.forEach(line -> wire.append(code).append('-').append(mark).append(line).append("\r\n"));
    return wire.append(code).append(' ').append(mark).append(last).append("\r\n").toString();
  }
}
