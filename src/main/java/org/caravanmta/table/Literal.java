package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Text that everything a regular expression matches contains, as far as can be seen from the
/// expression. A text without it need not be tried on the expression, which is a hundred times
/// faster.
///
/// @param anyOf at least one of these is in every match; in lower case if case is ignored
/// @param first what every match starts with; empty if that is not known
/// @param ignoreCase whether upper and lower case are the same
record Literal(List<String> anyOf, String first, boolean ignoreCase) {
  /// Alternatives at most: looking for more takes as long as trying the expression.
  private static final int MOST = 8;

  /// Characters that stand for themselves after a backslash, in every syntax.
  private static final String PUNCTUATION = ".()[]{}*+?|^$\\/@-\"#%&,:;=!~_";

  /// Letters that after a backslash stand for some character, or for a position in the text.
  private static final String CLASSES = "dDsSwWbBntrAz";

  /// The literal of a pattern; absent when no text is certain to be in every match.
  static Optional<Literal> of(String pattern, ExpressionFlags flags) {
    if (flags.extended()) {
      return Optional.empty();
    }
    try {
      return new Scan(pattern, flags.ignoreCase()).literal(!flags.multiline());
    } catch (Unsure e) {
      return Optional.empty();
    }
  }

  /// Whether the expression could match a text.
  boolean mayBeIn(String text) {
    if (!first.isEmpty()) {
      return text.length() >= first.length() && isAt(text, 0, first);
    }
    for (String literal : anyOf) {
      if (isIn(text, literal)) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(String text, String literal) {
    if (!ignoreCase) {
      return text.contains(literal);
    }
    char start = literal.charAt(0);
    int last = text.length() - literal.length();
    for (int i = 0; i <= last; i++) {
      if (folded(text.charAt(i)) == start && isAt(text, i, literal)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(String text, int from, String literal) {
    for (int i = 0; i < literal.length(); i++) {
      char c = text.charAt(from + i);
      if ((ignoreCase ? folded(c) : c) != literal.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static char folded(char c) {
    if (c >= 'A' && c <= 'Z') {
      return (char) (c + 32);
    }
    // the Kelvin sign and the long s: the only letters outside ASCII that fold to one in ASCII
    return c == '\u212A' ? 'k' : c == '\u017F' ? 's' : c;
  }

  /// Nothing certain can be said about an expression.
  private static final class Unsure extends Exception {
    private static final long serialVersionUID = 1L;

    Unsure() {
      super(null, null, false, false);
    }
  }

  /// Reads the top level of an expression, and skips its groups.
  private static final class Scan {
    private final String pattern;
    private final boolean ignoreCase;
    private final StringBuilder run = new StringBuilder();
    private final List<String> anyOf = new ArrayList<>();
    private String longest = "";
    private String first = "";
    private boolean atStart;
    private int at;

    Scan(String pattern, boolean ignoreCase) {
      this.pattern = pattern;
      this.ignoreCase = ignoreCase;
    }

    Optional<Literal> literal(boolean startIsOne) throws Unsure {
      atStart = startIsOne && pattern.startsWith("^");
      at = atStart ? 1 : 0;
      while (at < pattern.length()) {
        character(pattern.charAt(at++));
      }
      alternative();
      return Optional.of(
          new Literal(List.copyOf(anyOf), anyOf.size() == 1 ? first : "", ignoreCase));
    }

    private void character(char c) throws Unsure {
      switch (c) {
        case '\\' -> escaped();
        case '[' -> {
          bracket();
          end();
        }
        case '(' -> {
          group();
          end();
        }
        case ')' -> throw new Unsure();
        case '|' -> {
          alternative();
          atStart = false;
        }
        case '.', '^', '$', '+' -> end();
        case '*', '?' -> optional();
        case '{' -> {
          at = pattern.indexOf('}', at) + 1;
          if (at == 0) {
            throw new Unsure();
          }
          optional();
        }
        default -> itself(c);
      }
    }

    private void itself(char c) {
      if (Character.isSurrogate(c) || ignoreCase && c > 126) {
        end();
      } else {
        run.append(ignoreCase ? folded(c) : c);
      }
    }

    private void escaped() throws Unsure {
      char c = at < pattern.length() ? pattern.charAt(at++) : 'Q';
      if (PUNCTUATION.indexOf(c) >= 0) {
        itself(c);
      } else if (CLASSES.indexOf(c) >= 0) {
        end();
      } else {
        throw new Unsure();
      }
    }

    /// Drops the character before, which need not be there.
    private void optional() {
      run.setLength(Math.max(0, run.length() - 1));
      end();
    }

    private void end() {
      if (atStart) {
        first = run.toString();
        atStart = false;
      }
      if (run.length() > longest.length()) {
        longest = run.toString();
      }
      run.setLength(0);
    }

    private void alternative() throws Unsure {
      end();
      anyOf.add(longest);
      if (longest.isEmpty() || anyOf.size() > MOST) {
        throw new Unsure();
      }
      longest = "";
    }

    /// Moves past a bracket expression.
    private void bracket() throws Unsure {
      if (at < pattern.length() && pattern.charAt(at) == '^') {
        at++;
      }
      if (at < pattern.length() && pattern.charAt(at) == ']') {
        at++;
      }
      while (at < pattern.length()) {
        char c = pattern.charAt(at++);
        if (c == ']') {
          return;
        }
        if (c == '[' && at < pattern.length() && ":.=".indexOf(pattern.charAt(at)) >= 0) {
          at = pattern.indexOf(pattern.charAt(at) + "]", at + 1) + 2;
          if (at == 1) {
            throw new Unsure();
          }
        } else if (c == '\\') {
          // whether it escapes the next character depends on the syntax
          if (at == pattern.length() || "]\\".indexOf(pattern.charAt(at)) >= 0) {
            throw new Unsure();
          }
        }
      }
      throw new Unsure();
    }

    /// Moves past a group.
    private void group() throws Unsure {
      if (pattern.startsWith("?", at) && !pattern.startsWith("?:", at)) {
        // may change the meaning of what follows
        throw new Unsure();
      }
      while (at < pattern.length()) {
        char c = pattern.charAt(at++);
        switch (c) {
          case ')' -> {
            return;
          }
          case '(' -> group();
          case '[' -> bracket();
          case '\\' -> {
            if (at == pattern.length() || "QEkg".indexOf(pattern.charAt(at)) >= 0) {
              throw new Unsure();
            }
            at++;
          }
          default -> {}
        }
      }
      throw new Unsure();
    }
  }
}
