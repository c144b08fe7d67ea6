package org.caravanmta.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a Content-Type field says of how a part is made up (RFC 2045 §5.1), read as mail readers
/// read it that are easily pleased: of several boundaries each may be the one.
///
/// @param boundaries of a multipart: usually one
/// @param signed whether its parts are part of what a signature is over (RFC 1847 §2.1)
record ContentType(Kind kind, List<String> boundaries, boolean signed) {
  /// How the text after the header section is to be read.
  enum Kind {
    /// Lines.
    PLAIN,
    /// Parts, each with a header section (RFC 2046 §5.1).
    MULTIPART,
    /// Parts that are messages unless they say otherwise (RFC 2046 §5.1.5).
    DIGEST,
    /// A message (RFC 2046 §5.2.1, RFC 6532 §3.7).
    MESSAGE,
    /// Lines that nobody may encode: a piece of a message, one that is elsewhere, or what a machine
    /// says of one (RFC 2046 §5.2.2 and §5.2.3, RFC 3464 §2.1).
    UNENCODED
  }

  static final ContentType PLAIN = new ContentType(Kind.PLAIN, List.of(), false);
  static final ContentType MESSAGE = new ContentType(Kind.MESSAGE, List.of(), false);

  static final ContentType UNENCODED = new ContentType(Kind.UNENCODED, List.of(), false);

  private static final String SEPARATORS = ";/=";

  /// @param value what stands after the colon
  static ContentType parse(String value) {
    var scan = new Scan(value);
    List<String> tokens = scan.parameter();
    String type = word(tokens, 0);
    String subtype = word(tokens, 1).equals("/") ? word(tokens, 2) : "";
    return switch (type) {
      case "message" -> subtype.equals("rfc822") || subtype.equals("global") ? MESSAGE : UNENCODED;
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
            subtype.equals("signed") || subtype.equals("encrypted"));
      }
      default -> PLAIN;
    };
  }

  /// The value of a Content-Transfer-Encoding field (RFC 2045 §6.1), in lower case.
  static String encoding(String value) {
    return word(new Scan(value).parameter(), 0);
  }

  private static String word(List<String> tokens, int index) {
    return index < tokens.size() ? tokens.get(index).toLowerCase(Locale.ROOT) : "";
  }

  /// Words, quoted strings and separators; comments and white space part them.
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
