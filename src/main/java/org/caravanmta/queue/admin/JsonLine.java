package org.caravanmta.queue.admin;

import java.util.List;
import org.caravanmta.message.Printable;

/// A JSON object on one line (RFC 8259), member by member. What could control a terminal is escaped
/// ({@link Printable}).
public final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  public JsonLine add(String name, String value) {
    string(name(name), value);
    return this;
  }

  public JsonLine add(String name, long value) {
    name(name).append(value);
    return this;
  }

  /// @param value a finite one: JSON knows no other
  public JsonLine add(String name, double value) {
    name(name).append(value);
    return this;
  }

  public JsonLine add(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /// @param values in JSON already
  public JsonLine add(String name, List<String> values) {
    name(name).append('[').append(String.join(", ", values)).append(']');
    return this;
  }

  /// A text as JSON has it.
  public static String text(String value) {
    return string(new StringBuilder(), value).toString();
  }

  /// The whole object, without a line end.
  public String end() {
    return text.append('}').toString();
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(", ");
    }
    return string(text, name).append(": ");
  }

  private static StringBuilder string(StringBuilder to, String value) {
    to.append('"');
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').appendCodePoint(c);
      } else if (Printable.is(c)) {
        to.appendCodePoint(c);
      } else {
        for (char unit : Character.toChars(c)) {
          to.append(String.format("\\u%04x", (int) unit));
        }
      }
      i += Character.charCount(c);
    }
    return to.append('"');
  }
}
