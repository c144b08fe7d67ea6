package org.caravanmta.message;

import java.util.Optional;
import java.util.regex.Pattern;

/// An enhanced mail system status code (RFC 3463 §2): `5.1.1`.
///
/// @param digit the class: 2 success, 4 a failure that may pass, 5 a permanent failure
/// @param subject what the status is about (RFC 3463 §4), 0 to 999
/// @param detail what has happened there, 0 to 999
public record Status(int digit, int subject, int detail) {
  private static final Pattern FORM = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

  /// @throws IllegalArgumentException if it is not of the form `d.s.n`
  public static Status of(String text) {
    return parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + text + "\" is not a status such as 5.1.1"));
  }

  /// Reads a status; absent if `text` is not one.
  public static Optional<Status> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new Status(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3))))
        : Optional.empty();
  }

  public boolean isSuccess() {
    return digit == 2;
  }

  @Override
  public String toString() {
    return digit + "." + subject + "." + detail;
  }
}
