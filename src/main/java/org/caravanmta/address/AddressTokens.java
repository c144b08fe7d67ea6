package org.caravanmta.address;

import java.util.ArrayList;
import java.util.List;

/// The words and special characters that a written list of addresses consists of (RFC 822 §3.3,
/// which RFC 5322 §4.4 still wants read; postfix `tok822(3)`). Whatever stands there is some token:
/// nothing is refused, and a quote, bracket or comment without its end goes to the end of the text.
public final class AddressTokens {
  /// Characters that are tokens of their own. `%` and `!` route, `|` begins a command.
  private static final String SIGNS = "|%!()<>@,;:\".[]";

  /// What a token is.
  public enum Kind {
    /// A run of characters that are not special.
    ATOM,
    /// What was in double quotes, or has a character after a backslash in it.
    QUOTED,
    /// What was in brackets.
    LITERAL,
    /// One of the special characters.
    SPECIAL,
    /// A comment, its parentheses and backslashes included.
    COMMENT
  }

  /// @param text without quotes, brackets and backslashes
  /// @param from where it starts in the list
  /// @param to where it ends
  /// @param escaped whether it is an atom that begins with a backslash
  public record Token(Kind kind, String text, int from, int to, boolean escaped) {
    /// Whether it is this special character.
    public boolean is(char special) {
      return kind == Kind.SPECIAL && text.charAt(0) == special;
    }

    boolean isOneOf(String specials) {
      return kind == Kind.SPECIAL && specials.contains(text);
    }

    boolean isWord() {
      return kind != Kind.SPECIAL && kind != Kind.COMMENT;
    }

    /// Whether a blank is needed between it and the next.
    boolean parted(Token next) {
      return next.is('<') || kind != Kind.SPECIAL && next.kind != Kind.SPECIAL;
    }

    /// With quotes, brackets and backslashes where it needs them.
    String written() {
      return switch (kind) {
        case QUOTED -> Address.inQuotes(text);
        case LITERAL -> '[' + text.replace("\\", "\\\\").replace("]", "\\]") + ']';
        case ATOM, COMMENT, SPECIAL -> text;
      };
    }
  }

  private final String text;
  private final boolean comments;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private AddressTokens(String text, boolean comments) {
    this.text = text;
    this.comments = comments;
  }

  /// Without comments, which mean nothing.
  public static List<Token> of(String text) {
    return new AddressTokens(text, false).all();
  }

  static List<Token> withComments(String text) {
    return new AddressTokens(text, true).all();
  }

  private List<Token> all() {
    while (at < text.length()) {
      int from = at;
      char c = text.charAt(at);
      if (isSpace(c)) {
        at++;
      } else if (c == '(') {
        comment();
        if (comments) {
          add(Kind.COMMENT, text.substring(from, at), from, false);
        }
      } else if (c == '"') {
        at++;
        add(Kind.QUOTED, until('"'), from, false);
      } else if (c == '[') {
        at++;
        add(Kind.LITERAL, until(']'), from, false);
      } else if (SIGNS.indexOf(c) >= 0) {
        at++;
        add(Kind.SPECIAL, String.valueOf(c), from, false);
      } else {
        String atom = atom();
        add(needsQuotes(atom) ? Kind.QUOTED : Kind.ATOM, atom, from, c == '\\');
      }
    }
    return tokens;
  }

  private void add(Kind kind, String content, int from, boolean escaped) {
    tokens.add(new Token(kind, content, from, at, escaped));
  }

  /// Goes past the character that ends it.
  private String until(char end) {
    var content = new StringBuilder();
    while (at < text.length() && text.charAt(at) != end) {
      content.append(character());
    }
    at = Math.min(at + 1, text.length());
    return content.toString();
  }

  private String atom() {
    var content = new StringBuilder();
    while (at < text.length()
        && (text.charAt(at) == '\\'
            || !isSpace(text.charAt(at)) && SIGNS.indexOf(text.charAt(at)) < 0)) {
      content.append(character());
    }
    return content.toString();
  }

  /// The next one, taken as it is after a backslash; one backslash alone at the end is nothing.
  private String character() {
    if (text.charAt(at) == '\\') {
      at++;
    }
    if (at >= text.length()) {
      return "";
    }
    char c = text.charAt(at++);
    return isSpace(c) ? " " : String.valueOf(c);
  }

  private void comment() {
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return;
      }
    }
    at = text.length();
  }

  private static boolean needsQuotes(String atom) {
    return atom.chars().anyMatch(c -> c <= ' ' || c == 127 || c == '\\' || SIGNS.indexOf(c) >= 0);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
