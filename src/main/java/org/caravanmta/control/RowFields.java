package org.caravanmta.control;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the fields of a row of an answer, one after the other. An absent value is an empty field,
/// a time is in milliseconds since 1970. Each method throws an {@link IOException} if the row has
/// no such field.
public final class RowFields {
  private final List<String> fields;
  private int next;

  public RowFields(List<String> fields) {
    this.fields = fields;
  }

  public String text() throws IOException {
    if (next == fields.size()) {
      throw unknown();
    }
    return fields.get(next++);
  }

  public Optional<String> optional() throws IOException {
    return Optional.of(text()).filter(text -> !text.isEmpty());
  }

  public boolean flag() throws IOException {
    return Boolean.parseBoolean(text());
  }

  /// A constant of an enum, by its name.
  public <E extends Enum<E>> E one(Class<E> type) throws IOException {
    try {
      return Enum.valueOf(type, text());
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  public long number() throws IOException {
    try {
      return Long.parseLong(text());
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  public Optional<Instant> time() throws IOException {
    Optional<String> millis = optional();
    try {
      return millis.map(Long::parseLong).map(Instant::ofEpochMilli);
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  /// Whether there are further fields.
  public boolean more() {
    return next < fields.size();
  }

  /// Checks that all fields have been read.
  ///
  /// @throws IOException if not
  public void end() throws IOException {
    if (more()) {
      throw unknown();
    }
  }

  /// The field of a time that may be absent.
  public static String of(Optional<Instant> time) {
    return time.map(Instant::toEpochMilli).map(String::valueOf).orElse("");
  }

  private static IOException unknown() {
    return new IOException(
        "a row in a form that this program does not know; the server is of another version");
  }
}
