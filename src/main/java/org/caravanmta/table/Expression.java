package org.caravanmta.table;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A regular expression of a `regexp` or `pcre` table (postfix `regexp_table(5)`, `pcre_table(5)`).
/// It runs on a linear engine if that knows its syntax; otherwise, as with back-references and
/// look-around, on a backtracking engine that is stopped after {@link #MOST_STEPS}. So no text that
/// a stranger sends can hold up a stage.
sealed interface Expression {
  /// Characters that the backtracking engine may look at for one text: less than a second's work.
  /// It is enough for a quadratic pattern on a field of 5,000 characters.
  int MOST_STEPS = 30_000_000;

  /// The groups of the first match in `text`, the whole match first and unset groups empty; absent
  /// when there is none.
  ///
  /// @throws TooHard after {@link #MOST_STEPS}
  Optional<List<String>> find(String text);

  /// How many groups it has, not counting the whole match.
  int groups();

  /// The text would take the backtracking engine too long.
  final class TooHard extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooHard() {
      super("matching took too many steps", null, false, false);
    }
  }

  /// @param posix whether the expression is of a `regexp` table: it has POSIX syntax, and the
  ///   longest of the leftmost matches counts
  /// @throws IllegalArgumentException says what is wrong with the pattern
  static Expression of(String pattern, boolean posix, ExpressionFlags flags) {
    Expression expression = plain(pattern, posix, flags);
    return Literal.of(pattern, flags)
        .<Expression>map(literal -> new Prefiltered(literal, expression))
        .orElse(expression);
  }

  private static Expression plain(String pattern, boolean posix, ExpressionFlags flags) {
    try {
      return linear(posix ? BracketSyntax.posix(pattern, false) : pattern, posix, flags);
    } catch (com.google.re2j.PatternSyntaxException | Unsuitable linear) {
      if (flags.ungreedy()) {
        throw new IllegalArgumentException(
            "the flag U cannot be used with \"" + pattern + "\": " + linear.getMessage(), linear);
      }
      try {
        return backtracking(
            posix ? BracketSyntax.posix(pattern, true) : BracketSyntax.perl(pattern), flags);
      } catch (java.util.regex.PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "\"" + pattern + "\" is not a regular expression: " + e.getDescription(), e);
      }
    }
  }

  private static Expression linear(String pattern, boolean posix, ExpressionFlags flags) {
    if (flags.extended() || pattern.contains("\\C")) {
      throw new Unsuitable("the linear engine does not know this");
    }
    int bits =
        (flags.ignoreCase() ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0)
            | (flags.dotAll() ? com.google.re2j.Pattern.DOTALL : 0)
            | (flags.multiline() ? com.google.re2j.Pattern.MULTILINE : 0)
            | (posix ? com.google.re2j.Pattern.LONGEST_MATCH : 0);
    String whole = flags.anchored() ? "\\A(?:" + pattern + ")" : pattern;
    return new Linear(
        com.google.re2j.Pattern.compile(flags.ungreedy() ? "(?U)" + whole : whole, bits));
  }

  private static Expression backtracking(String pattern, ExpressionFlags flags) {
    int bits =
        Pattern.UNIX_LINES
            | (flags.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0)
            | (flags.dotAll() ? Pattern.DOTALL : 0)
            | (flags.multiline() ? Pattern.MULTILINE : 0)
            | (flags.extended() ? Pattern.COMMENTS : 0);
    // the line break ends a comment that the flag x allows at the end of a pattern
    String whole =
        flags.anchored() ? "\\A(?:" + pattern + (flags.extended() ? "\n)" : ")") : pattern;
    return new Backtracking(Pattern.compile(whole, bits));
  }

  /// Tried only on texts that contain what every match contains, which is fast to find out.
  record Prefiltered(Literal literal, Expression expression) implements Expression {
    @Override
    public Optional<List<String>> find(String text) {
      return literal.mayBeIn(text) ? expression.find(text) : Optional.empty();
    }

    @Override
    public int groups() {
      return expression.groups();
    }
  }

  /// Run by an engine whose time is linear in the length of the text.
  record Linear(com.google.re2j.Pattern pattern) implements Expression {
    @Override
    public Optional<List<String>> find(String text) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.find()) {
        return Optional.empty();
      }
      var groups = new ArrayList<String>();
      for (int i = 0; i <= matcher.groupCount(); i++) {
        String group = matcher.group(i);
        groups.add(group == null ? "" : group);
      }
      return Optional.of(groups);
    }

    @Override
    public int groups() {
      return pattern.groupCount();
    }
  }

  /// Run by the engine of the JDK, which may have to backtrack.
  record Backtracking(Pattern pattern) implements Expression {
    @Override
    public Optional<List<String>> find(String text) {
      var matcher = pattern.matcher(new Counted(text, new int[] {MOST_STEPS}));
      try {
        if (!matcher.find()) {
          return Optional.empty();
        }
      } catch (StackOverflowError e) {
        // the engine recurses for each repetition of a group
        throw new TooHard();
      }
      var groups = new ArrayList<String>();
      for (int i = 0; i <= matcher.groupCount(); i++) {
        groups.add(matcher.start(i) < 0 ? "" : text.substring(matcher.start(i), matcher.end(i)));
      }
      return Optional.of(groups);
    }

    @Override
    public int groups() {
      return pattern.matcher("").groupCount();
    }
  }

  /// A text that counts how often a character of it is looked at.
  ///
  /// @param left its one element is how often that may still happen
  record Counted(String text, int[] left) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw new TooHard();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), left);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// The linear engine does not know the expression, or would give it another meaning.
  final class Unsuitable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsuitable(String why) {
      super(why);
    }
  }
}
