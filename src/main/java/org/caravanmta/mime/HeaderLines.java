package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The lines of a header section (RFC 5322 §2.2), collected until it ends and then read as fields.
/// A line that is not a field is left out and reported as a doubt: some mail readers skip it,
/// others take it for the end of the header section.
final class HeaderLines {
  /// Limits far above what mail has: a header section that exceeds one was made to exhaust its
  /// readers.
  private static final int MOST_FIELDS = 2_000;

  /// In bytes.
  private static final int LONGEST_FIELD = 128 * 1024;

  /// In bytes, of the whole header section.
  private static final int LONGEST = 1024 * 1024;

  private final boolean ofMessage;
  private final List<StringBuilder> lines = new ArrayList<>();
  private int length;

  /// A field.
  ///
  /// @param name in lower case
  /// @param value what follows the colon, `\n` where it is folded, one character for each byte
  record Field(String name, String value) {}

  /// @param ofMessage whether it is the header section of a message, which may begin with the `From
  ///   ` line of a mailbox file; otherwise that of a part
  HeaderLines(boolean ofMessage) {
    this.ofMessage = ofMessage;
  }

  /// Takes a line, or a piece of one.
  ///
  /// @param starts whether it is the first piece of its line
  /// @throws Unreadable if the header section is too long
  void add(byte[] bytes, int from, int to, boolean starts) throws Unreadable {
    length += to - from + 1;
    if (length > LONGEST || lines.size() > MOST_FIELDS * 4) {
      throw new Unreadable("a header section is too long");
    }
    var text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    if (starts || lines.isEmpty()) {
      lines.add(new StringBuilder(text));
    } else {
      lines.getLast().append(text);
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// The fields so far.
  ///
  /// @throws Unreadable if there are too many, or one is too long
  List<Field> fields(Consumer<String> doubts) throws Unreadable {
    var fields = new ArrayList<Field>();
    String name = "";
    var value = new StringBuilder();
    boolean blankLine = false;
    for (StringBuilder each : lines) {
      for (String line : pieces(each.toString(), doubts)) {
        boolean folded = line.startsWith(" ") || line.startsWith("\t");
        if (folded && line.isBlank()) {
          blankLine = true;
        }
        if (folded && !name.isEmpty()) {
          value.append('\n').append(line);
          if (value.length() > LONGEST_FIELD) {
            throw new Unreadable("a field is too long");
          }
          continue;
        }
        if (!name.isEmpty()) {
          fields.add(new Field(name, value.toString()));
        }
        name = folded ? "" : name(line);
        value = new StringBuilder(name.isEmpty() ? "" : line.substring(line.indexOf(':') + 1));
        if (name.isEmpty() && !(ofMessage && fields.isEmpty() && line.matches(">?From .*"))) {
          doubts.accept("a header section has a line that is not a field");
        }
        if (blankLine && name.startsWith("content-")) {
          doubts.accept("a header section has a line of blanks");
        }
      }
    }
    if (!name.isEmpty()) {
      fields.add(new Field(name, value.toString()));
    }
    if (fields.size() > MOST_FIELDS) {
      throw new Unreadable("a header section has more than " + MOST_FIELDS + " fields");
    }
    return fields;
  }

  /// The lines that a line may be: some mail readers take a CR by itself for the end of a line.
  private static List<String> pieces(String line, Consumer<String> doubts) {
    String text = line;
    if (text.indexOf('\0') >= 0) {
      doubts.accept("a header section has a NUL");
    }
    if (text.indexOf('\r') < 0) {
      return List.of(text);
    }
    doubts.accept("a header section has a CR within a line");
    var pieces = new ArrayList<>(List.of(text.replace('\r', ' ')));
    for (String piece : text.split("\r")) {
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /// The name of the field on this line in lower case, or empty if the line is not a field.
  private static String name(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).stripTrailing();
    return name.chars().allMatch(c -> c > ' ' && c < 127) ? name.toLowerCase(Locale.ROOT) : "";
  }
}
