package org.caravanmta.table;

import java.util.regex.Pattern;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Octets;

/// A pattern of bytes or of characters, in the syntax of our engines. Those of Postfix are patterns
/// of bytes: `[\x80-\xff]` is any byte that is not ASCII, `\xd0\x9f` is `П`; each byte is one
/// character of {@link Octets#apart}. A pattern is one of characters if it has something that bytes
/// do not have: `(*UTF)`, `(?u)`, `\p{L}`, `\x{41f}`, or a character that is not ASCII, unless it
/// names a byte as well.
///
/// @param pattern the pattern in the syntax of our engines
/// @param octets whether it is a pattern of bytes
record PatternWording(String pattern, boolean octets) {
  /// How PCRE is told that a pattern is one of characters, which our engines do not know.
  private static final Pattern VERBS = Pattern.compile("^(?:\\(\\*(?:UTF8?|UCP)\\))+");

  /// Syntax that only patterns of characters have.
  private static final Pattern WIDE =
      Pattern.compile("\\\\[pPX]|\\\\x\\{0*[0-9a-fA-F]{3,}\\}|\\\\N\\{|\\(\\?[a-zA-Z]*u");

  /// The value of a byte that is not ASCII, as an escape.
  private static final Pattern BYTE =
      Pattern.compile(
          "\\\\(?:x([89a-fA-F][0-9a-fA-F])|x\\{0*([89a-fA-F][0-9a-fA-F])\\}"
              + "|([23][0-7][0-7])|o\\{0*([23][0-7][0-7])\\})");

  /// Translates a pattern.
  ///
  /// @param posix whether it is of a `regexp` table, where bytes are not written by their values
  /// @throws IllegalArgumentException if a bracket expression is not closed
  static PatternWording of(String pattern, boolean posix) {
    var verbs = VERBS.matcher(pattern);
    if (!posix && verbs.find()) {
      return new PatternWording(pattern.substring(verbs.end()), false);
    }
    if (Ascii.is(pattern) && (posix || !BYTE.matcher(pattern).find())) {
      return new PatternWording(pattern, posix || !WIDE.matcher(pattern).find());
    }
    boolean bytes = Octets.isMixed(pattern) || !posix && BYTE.matcher(pattern).find();
    return !bytes || !posix && WIDE.matcher(pattern).find()
        ? new PatternWording(pattern, false)
        : new PatternWording(new Reader(pattern, posix).apart(), true);
  }

  /// Writes each byte of a pattern that is not ASCII as the character that stands for it in a key.
  private static final class Reader {
    private static final int NO_RANGE = -1;

    private final String pattern;
    private final boolean posix;
    private final StringBuilder out = new StringBuilder();
    private int at;

    Reader(String pattern, boolean posix) {
      this.pattern = pattern;
      this.posix = posix;
    }

    String apart() {
      while (at < pattern.length()) {
        if (pattern.charAt(at) == '[') {
          bracket();
        } else {
          one();
        }
      }
      return out.toString();
    }

    /// One character or escape that is not in brackets.
    private void one() {
      int octet = octet();
      if (octet >= 0) {
        out.append(Octets.lone(octet));
      } else if (pattern.charAt(at) == '\\' && at + 1 < pattern.length()) {
        out.append(pattern, at, at + 2);
        at += 2;
      } else if (pattern.charAt(at) > 127) {
        // in a group, so that a repetition after it repeats all of its bytes
        out.append("(?:").append(Octets.apart(character())).append(')');
      } else {
        out.append(pattern.charAt(at++));
      }
    }

    private void bracket() {
      int start = at;
      out.append('[');
      at++;
      if (at < pattern.length() && pattern.charAt(at) == '^') {
        out.append('^');
        at++;
      }
      int first = at;
      while (at < pattern.length() && (pattern.charAt(at) != ']' || at == first)) {
        char c = pattern.charAt(at);
        int named = c == '[' ? named() : NO_RANGE;
        if (named > 0) {
          out.append(pattern, at, named);
          at = named;
        } else {
          member();
        }
      }
      if (at == pattern.length()) {
        throw new IllegalArgumentException(
            "\"" + pattern.substring(start) + "\" has a [ without its ]");
      }
      out.append(']');
      at++;
    }

    /// Where the class that starts here, such as `[:alpha:]`, ends; -1 when none does.
    private int named() {
      if (at + 1 < pattern.length() && ":.=".indexOf(pattern.charAt(at + 1)) >= 0) {
        int end = pattern.indexOf(pattern.charAt(at + 1) + "]", at + 2);
        return end < 0 ? NO_RANGE : end + 2;
      }
      return NO_RANGE;
    }

    /// A character in brackets, or a range. A range from ASCII to a byte that is not is written as
    /// two.
    private void member() {
      int octet = octet();
      String low =
          octet >= 0
              ? String.valueOf(Octets.lone(octet))
              : pattern.charAt(at) > 127 ? Octets.apart(character()) : ascii();
      int before = at;
      if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
        at++;
        int high = octet();
        if (high >= 0) {
          out.append(low);
          out.append(low.charAt(low.length() - 1) > 127 ? "-" : "-\\x7f" + Octets.lone(0x80) + "-");
          out.append(Octets.lone(high));
          return;
        }
        at = before;
      }
      out.append(low);
    }

    private String ascii() {
      int from = at;
      at += !posix && pattern.charAt(at) == '\\' && at + 1 < pattern.length() ? 2 : 1;
      // \x41 and \x{41}
      if (pattern.startsWith("\\x", from) && !posix) {
        int end = pattern.startsWith("{", at) ? pattern.indexOf('}', at) + 1 : at + 2;
        at = Math.max(at, Math.min(end, pattern.length()));
      }
      return pattern.substring(from, at);
    }

    private String character() {
      int from = at;
      at += Character.charCount(pattern.codePointAt(at));
      return pattern.substring(from, at);
    }

    /// The byte that comes next, which is written by its value or as it is; -1 when none does.
    private int octet() {
      if (Octets.isMixed(pattern.substring(at, at + 1))) {
        return Octets.bytes(pattern.substring(at, ++at))[0] & 0xff;
      }
      var escape = BYTE.matcher(pattern).region(at, pattern.length());
      if (posix || !escape.lookingAt()) {
        return NO_RANGE;
      }
      at = escape.end();
      for (int group = 1; group <= 4; group++) {
        if (escape.group(group) != null) {
          return Integer.parseInt(escape.group(group), group <= 2 ? 16 : 8);
        }
      }
      throw new IllegalStateException();
    }
  }
}
