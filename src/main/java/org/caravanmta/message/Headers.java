package org.caravanmta.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.caravanmta.address.Ascii;

/// The header section of a message (RFC 5322 §2.2), byte for byte, without the empty line after it.
/// It is immutable: an edit returns a new section, in which all fields that were not edited keep
/// their bytes.
public final class Headers {
  public static final Headers EMPTY = new Headers(new byte[0], List.of());

  private final byte[] section;
  private List<Field> fields;

  private Headers(byte[] section, List<Field> fields) {
    this.section = section;
    this.fields = fields;
  }

  /// A section whose lines end with CRLF. They are not checked: {@link #end} has found where the
  /// section ends.
  public static Headers parse(byte[] section) {
    return section.length == 0 ? EMPTY : new Headers(section, List.of());
  }

  /// Where the header section of a message ends: the offset of the first line that is neither a
  /// field nor the continuation of one. If that line is empty, it separates the body; any other
  /// line is the first of the body, as in Postfix. Absent when the end has not been received yet.
  ///
  /// @param from the start of a line, before which all lines are known to be fields
  /// @param length bytes of `message` that have been received
  public static OptionalInt end(byte[] message, int from, int length) {
    int line = from;
    boolean any = from > 0;
    while (line < length) {
      int newline = indexOf(message, (byte) '\n', line, length);
      if (newline < 0) {
        return OptionalInt.empty();
      }
      boolean continues = any && (message[line] == ' ' || message[line] == '\t');
      if (!continues && nameEnd(message, line, newline) < 0) {
        return OptionalInt.of(line);
      }
      any = true;
      line = newline + 1;
    }
    return OptionalInt.empty();
  }

  public boolean isAscii() {
    for (byte b : section) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  public List<Field> fields() {
    List<Field> known = fields;
    if (known.isEmpty() && section.length > 0) {
      known = split(section);
      fields = known;
    }
    return known;
  }

  /// The first field of this name, in upper or lower case.
  public Optional<Field> first(String name) {
    return fields().stream().filter(field -> field.is(name)).findFirst();
  }

  public List<Field> all(String name) {
    return fields().stream().filter(field -> field.is(name)).toList();
  }

  /// With `field` as the new first field.
  public Headers prepend(Field field) {
    byte[] joined = new byte[field.raw().length + section.length];
    System.arraycopy(field.raw(), 0, joined, 0, field.raw().length);
    System.arraycopy(section, 0, joined, field.raw().length, section.length);
    return new Headers(joined, List.of());
  }

  /// With `field` as the new last field.
  public Headers append(Field field) {
    byte[] joined = Arrays.copyOf(section, section.length + field.raw().length);
    System.arraycopy(field.raw(), 0, joined, section.length, field.raw().length);
    return new Headers(joined, List.of());
  }

  /// Without the fields that `which` selects; the same object when it selects none.
  public Headers without(Predicate<Field> which) {
    var kept = fields().stream().filter(which.negate()).toList();
    return kept.size() == fields().size() ? this : of(kept);
  }

  /// The section of these fields, in this order.
  public static Headers of(List<Field> fields) {
    int length = fields.stream().mapToInt(field -> field.raw().length).sum();
    byte[] section = new byte[length];
    int at = 0;
    for (Field field : fields) {
      System.arraycopy(field.raw(), 0, section, at, field.raw().length);
      at += field.raw().length;
    }
    return new Headers(section, List.copyOf(fields));
  }

  /// The bytes of the section, where each line ends with CRLF; not to be changed.
  public byte[] bytes() {
    return section;
  }

  /// Bytes of the section.
  public int length() {
    return section.length;
  }

  @Override
  public String toString() {
    return new String(section, StandardCharsets.UTF_8);
  }

  /// A field with its continuation lines (RFC 5322 §2.2.3).
  ///
  /// @param raw name, colon, value and CRLF, as received
  public record Field(String name, byte[] raw) {
    /// A field of one line, or of several lines if `value` has a CRLF and white space in it.
    ///
    /// @throws IllegalArgumentException if `name` is not a field name, or `value` would begin
    ///   another field
    public static Field of(String name, String value) {
      if (name.isEmpty() || !name.chars().allMatch(c -> c > 32 && c < 127 && c != ':')) {
        throw new IllegalArgumentException("\"" + name + "\" is not a field name");
      }
      if (value.replaceAll("\r\n[ \t]", "").chars().anyMatch(c -> c == '\r' || c == '\n')) {
        throw new IllegalArgumentException("the value of " + name + " breaks its line");
      }
      return new Field(name, (name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the field has this name, in upper or lower case.
    public boolean is(String other) {
      return Ascii.same(name, other);
    }

    /// The text after the colon, without the white space around it; continuation lines keep their
    /// CRLF.
    public String value() {
      String text = text();
      return text.substring(text.indexOf(':') + 1).strip();
    }

    /// The whole field without its last CRLF. Bytes that are not UTF-8 are read as ISO 8859-1, one
    /// character each.
    public String text() {
      int length = raw.length;
      while (length > 0 && (raw[length - 1] == '\n' || raw[length - 1] == '\r')) {
        length--;
      }
      var text = new String(raw, 0, length, StandardCharsets.UTF_8);
      return text.indexOf('\uFFFD') < 0
          ? text
          : new String(raw, 0, length, StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Field> split(byte[] section) {
    var fields = new ArrayList<Field>();
    int start = 0;
    while (start < section.length) {
      int end = lineEnd(section, start);
      while (end < section.length && (section[end] == ' ' || section[end] == '\t')) {
        end = lineEnd(section, end);
      }
      int name = Math.max(nameEnd(section, start, end), start);
      fields.add(
          new Field(
              new String(section, start, name - start, StandardCharsets.US_ASCII),
              Arrays.copyOfRange(section, start, end)));
      start = end;
    }
    return List.copyOf(fields);
  }

  private static int lineEnd(byte[] bytes, int from) {
    int newline = indexOf(bytes, (byte) '\n', from, bytes.length);
    return newline < 0 ? bytes.length : newline + 1;
  }

  private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /// Where the field name that starts at `from` ends; -1 when the line is not a field. White space
  /// before the colon is obsolete, but allowed (RFC 5322 §4.5).
  public static int nameEnd(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] > 32 && bytes[end] < 127 && bytes[end] != ':') {
      end++;
    }
    int colon = end;
    while (colon < to && (bytes[colon] == ' ' || bytes[colon] == '\t')) {
      colon++;
    }
    return end > from && colon < to && bytes[colon] == ':' ? end : -1;
  }
}
