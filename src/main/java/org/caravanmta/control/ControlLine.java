package org.caravanmta.control;

import java.util.ArrayList;
import java.util.List;

/// One line of the control channel: fields separated by tabs, each with its tabs, line ends and
/// backslashes escaped.
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
    return field
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
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
      plain.append(
          switch (escape) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> escape;
          });
    }
    return plain.toString();
  }
}
