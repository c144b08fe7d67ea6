package org.caravanmta.control;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Writes and reads a line of the control channel: fields separated by tabs. In a field, tabs, line
/// ends and backslashes are escaped, and so are halves of surrogate pairs, which UTF-8 cannot
/// carry.
final class ControlLine {
  private ControlLine() {}

  static String of(List<String> fields) {
    return String.join("\t", fields.stream().map(ControlLine::escaped).toList());
  }

  static List<String> fields(String line) {
    var fields = new ArrayList<String>();
    for (String field : line.split("\t", -1)) {
      fields.add(plain(field));
    }
    return fields;
  }

  private static String escaped(String field) {
    var escaped = new StringBuilder(field.length() + 8);
    for (int i = 0; i < field.length(); ) {
      int c = field.codePointAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        default -> {
          if (Character.getType(c) == Character.SURROGATE) {
            escaped.append("\\u").append(HexFormat.of().toHexDigits((char) c));
          } else {
            escaped.appendCodePoint(c);
          }
        }
      }
      i += Character.charCount(c);
    }
    return escaped.toString();
  }

  private static String plain(String field) {
    var plain = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '\\' || i + 1 == field.length()) {
        plain.append(c);
        continue;
      }
      char escape = field.charAt(++i);
      switch (escape) {
        case 't' -> plain.append('\t');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 'u' -> {
          int end = Math.min(i + 5, field.length());
          plain.append((char) HexFormat.fromHexDigits(field, i + 1, end));
          i = end - 1;
        }
        default -> plain.append(escape);
      }
    }
    return plain.toString();
  }
}
