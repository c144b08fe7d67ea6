package org.caravanmta.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a Content-Type field says about the structure of a part (RFC 2045 §5.1), read leniently: of
/// several boundaries any may be the one.
///
/// @param kind how the body of the part is to be read
/// @param boundaries the boundaries of a multipart, usually one; empty for any other type
/// @param signed whether its parts are covered by a signature or wrapped in encryption (RFC 1847
///   §2.1, §2.2), so that their bytes must not change
/// @param global whether it is a message with fields beyond ASCII, or a report with such, which may
///   be encoded as a whole (RFC 6532 §3.7, RFC 6533 §6)
record ContentType(Kind kind, List<String> boundaries, boolean signed, boolean global) {
  /// How the body after a header section is to be read.
  enum Kind {
    /// Lines of a part that has no parts.
    PLAIN,
    /// Parts, each of which has a header section (RFC 2046 §5.1).
    MULTIPART,
    /// Parts that are messages unless they say otherwise (RFC 2046 §5.1.5).
    DIGEST,
    /// A message (RFC 2046 §5.2.1, RFC 6532 §3.7).
    MESSAGE,
    /// Lines that must not be encoded: a fragment of a message, a reference to one that is stored
    /// elsewhere, or a status report for programs (RFC 2046 §5.2.2 and §5.2.3, RFC 3464 §2.1).
    UNENCODED
  }

  static final ContentType PLAIN = new ContentType(Kind.PLAIN, List.of(), false, false);
  static final ContentType MESSAGE = new ContentType(Kind.MESSAGE, List.of(), false, false);

  static final ContentType UNENCODED = new ContentType(Kind.UNENCODED, List.of(), false, false);

  /// The characters that end a word of a type or parameter, apart from white space.
  private static final String SEPARATORS = ";/=";

  /// Reads the value of a Content-Type field. What is not understood is {@link #PLAIN}.
  ///
  /// @param value what follows the colon
  static ContentType parse(String value) {
    var scan = new Scan(value);
    List<String> tokens = scan.parameter();
    String type = word(tokens, 0);
    String subtype = word(tokens, 1).equals("/") ? word(tokens, 2) : "";
    return switch (type) {
      case "message" -> message(subtype);
      case "multipart" -> {
        var boundaries = new ArrayList<String>();
        while (scan.more()) {
          List<String> parameter = scan.parameter();
          if (word(parameter, 0).equals("boundary") && word(parameter, 1).equals("=")) {
            boundaries.add(parameter.size() > 2 ? parameter.get(2) : "");
          }
        }
        yield new ContentType(
            subtype.equals("digest") ? Kind.DIGEST : Kind.MULTIPART,
            List.copyOf(boundaries),
            subtype.equals("signed") || subtype.equals("encrypted"),
            false);
      }
      default -> PLAIN;
    };
  }

  private static ContentType message(String subtype) {
    return switch (subtype) {
      case "rfc822" -> MESSAGE;
      case "global" -> new ContentType(Kind.MESSAGE, List.of(), false, true);
      case String other when other.startsWith("global-") ->
          new ContentType(Kind.UNENCODED, List.of(), false, true);
      default -> UNENCODED;
    };
  }

  /// The value of a Content-Transfer-Encoding field (RFC 2045 §6.1), in lower case.
  static String encoding(String value) {
    return word(new Scan(value).parameter(), 0);
  }

  /// The token at that index in lower case, or empty if there are fewer.
  private static String word(List<String> tokens, int index) {
    return index < tokens.size() ? tokens.get(index).toLowerCase(Locale.ROOT) : "";
  }

  /// Splits a value into words, quoted strings and separators, leaving out comments and white
  /// space.
  private static final class Scan {
    private final String text;
    private int at;

    Scan(String text) {
      this.text = text;
    }

    boolean more() {
      return at < text.length();
    }

    /// The tokens up to the next semicolon.
    List<String> parameter() {
      var tokens = new ArrayList<String>();
      while (more()) {
        char c = text.charAt(at);
        if (c == ';') {
          at++;
          break;
        } else if (c == '(') {
          comment();
        } else if (c == '"') {
          tokens.add(quoted());
        } else if (SEPARATORS.indexOf(c) >= 0) {
          tokens.add(String.valueOf(c));
          at++;
        } else if (blank(c)) {
          at++;
        } else {
          int start = at;
          while (more() && !blank(text.charAt(at)) && SEPARATORS.indexOf(text.charAt(at)) < 0) {
            at++;
          }
          tokens.add(text.substring(start, at));
        }
      }
      return tokens;
    }

    private void comment() {
      int depth = 0;
      while (more()) {
        char c = text.charAt(at++);
        if (c == '\\') {
          at = Math.min(at + 1, text.length());
        } else if (c == '(') {
          depth++;
        } else if (c == ')' && --depth == 0) {
          return;
        }
      }
    }

    private String quoted() {
      var string = new StringBuilder();
      at++;
      while (more()) {
        char c = text.charAt(at++);
        if (c == '"') {
          break;
        }
        if (c == '\\' && more()) {
          c = text.charAt(at++);
        }
        if (c != '\n') {
          string.append(c);
        }
      }
      return string.toString();
    }

    private static boolean blank(char c) {
      return c <= ' ' || c == 127;
    }
  }
}
