package org.caravanmta.queue.selector;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Idn;

/// A pattern of text as shells have it, without regard to case: `*` stands for any characters, `?`
/// for one, and `\` takes from the next its meaning. A text without them stands for itself.
///
/// @param pattern as the operator wrote it
public record Glob(String pattern) {

  /// A pattern of domains: each name in it may be written in either of its forms (RFC 5890
  /// §2.3.2.1), and is compared in that of ASCII.
  public static Glob ofDomain(String pattern) {
    return new Glob(
        Arrays.stream(pattern.split("\\.", -1))
            .map(label -> isFixed(label) ? Idn.ascii(label) : label)
            .collect(Collectors.joining(".")));
  }

  /// A pattern of addresses, whose domain is such a one.
  static Glob ofAddress(String pattern) {
    int at = pattern.lastIndexOf('@') + 1;
    return Ascii.is(pattern.substring(at))
        ? new Glob(pattern)
        : new Glob(pattern.substring(0, at) + ofDomain(pattern.substring(at)).pattern());
  }

  /// A pattern that fits nothing but this text.
  public static Glob literal(String text) {
    return new Glob(text.replaceAll("[*?\\\\]", "\\\\$0"));
  }

  /// As an expression writes it: in quotes where it needs them.
  String quoted() {
    return isPlain() ? pattern : '"' + pattern.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private boolean isPlain() {
    return !pattern.isEmpty()
        && pattern.chars().noneMatch(c -> Character.isWhitespace(c) || "\"\\()".indexOf(c) >= 0);
  }

  /// Whether it fits all of a text.
  public boolean fits(String text) {
    return fits(pattern.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
  }

  /// Whether it fits all of a text, of which the case matters.
  boolean fitsExactly(String text) {
    return fits(pattern, text);
  }

  /// Whether it fits a part of a text.
  boolean fitsPart(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String part = pattern.toLowerCase(Locale.ROOT);
    return isFixed(part) ? lower.contains(part) : fits("*" + part + "*", lower);
  }

  /// Whether it stands for itself alone.
  boolean isFixed() {
    return isFixed(pattern);
  }

  private static boolean isFixed(String text) {
    return text.indexOf('*') < 0 && text.indexOf('?') < 0 && text.indexOf('\\') < 0;
  }

  /// Goes through both once; after a mismatch, the last `*` takes one more character: no text makes
  /// it slower than its length times that of the pattern.
  private static boolean fits(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : 0;
      boolean escaped = c == '\\' && p + 1 < pattern.length();
      if (p < pattern.length() && c == '*') {
        star = p++;
        from = t;
      } else if (p < pattern.length()
          && (escaped
              ? pattern.charAt(p + 1) == text.charAt(t)
              : c == '?' || c == text.charAt(t))) {
        p += escaped ? 2 : 1;
        t += c == '?' ? Character.charCount(text.codePointAt(t)) : 1;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
