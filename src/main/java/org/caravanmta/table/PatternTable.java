package org.caravanmta.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A table of regular expressions, of which the first that matches counts (postfix
/// `regexp_table(5)`, `pcre_table(5)`): `/pattern/flags value`, `!/pattern/flags value`, `if
/// /pattern/flags` … `endif`. It is unavailable for a key on which an expression takes too long.
record PatternTable(String name, List<Rule> rules) implements Table {
  private static final Pattern IF = Pattern.compile("(?i)if(?=\\s|[!/])\\s*(.*)");
  private static final Pattern ENDIF = Pattern.compile("(?i)endif");
  private static final Condition NEVER =
      new Condition(Expression.of("^$", true, ExpressionFlags.parse("", true)), true, false);

  /// What a line, or an `if` with all lines up to its `endif`, says.
  sealed interface Rule {
    /// A pattern and its value.
    ///
    /// @param place where it is, `line 3`
    record Entry(String place, Condition condition, PatternSubstitution value) implements Rule {}

    /// Rules that are tried only if the condition of their `if` holds.
    record Block(Condition condition, List<Rule> rules) implements Rule {}
  }

  /// A pattern that a key has to match, or, negated, must not match.
  ///
  /// @param octets whether it is a pattern of bytes, see {@link PatternWording}
  record Condition(Expression expression, boolean octets, boolean negated) {
    /// The groups of the match, of which a negated pattern has none; absent when it does not hold.
    Optional<List<String>> holds(PatternSubject key) {
      Optional<List<String>> match = key.match(expression, octets);
      return !negated ? match : match.isPresent() ? Optional.empty() : Optional.of(List.of());
    }
  }

  /// Reads the lines of a table.
  ///
  /// @param posix whether it is a `regexp` table, and not a `pcre` table
  /// @throws TableProblem names every line that is wrong
  static PatternTable read(String name, boolean posix, List<TableLine> lines, Values values) {
    Deque<Open> open = new ArrayDeque<>();
    var top = new ArrayList<Rule>();
    List<Rule> rules = top;
    var problems = new ArrayList<TableProblem>();
    for (TableLine line : lines) {
      try {
        var begin = IF.matcher(line.text());
        if (begin.matches()) {
          Parsed parsed = Parsed.of(begin.group(1), posix);
          if (!parsed.rest().isEmpty()) {
            throw new IllegalArgumentException(
                "expected nothing after the pattern of an if, found \"" + parsed.rest() + "\"");
          }
          open.addLast(new Open(line, rules, parsed.condition()));
          rules = new ArrayList<>();
        } else if (ENDIF.matcher(line.text()).matches()) {
          if (open.isEmpty()) {
            throw new IllegalArgumentException("expected an if before the endif");
          }
          Open begun = open.removeLast();
          begun.around().add(new Rule.Block(begun.condition(), List.copyOf(rules)));
          rules = begun.around();
        } else {
          rules.add(entry(line, posix, values));
        }
      } catch (IllegalArgumentException e) {
        problems.add(
            line.problem(
                name,
                values.secret()
                    ? "expected /pattern/ and a value that may stand here"
                    : String.valueOf(e.getMessage())));
        if (line.text().matches("(?is)if\\W.*")) {
          // so that its endif is not reported as one too many
          open.addLast(new Open(line, rules, NEVER));
        }
      }
    }
    if (!open.isEmpty() && problems.isEmpty()) {
      throw open.getLast().line().problem(name, "expected an endif for this if");
    }
    if (!problems.isEmpty()) {
      throw TableProblem.of(problems);
    }
    return new PatternTable(name, List.copyOf(top));
  }

  @Override
  public Lookup find(String key) {
    try {
      return first(rules, PatternSubject.of(key))
          .<Lookup>map(Lookup.Found::new)
          .orElseGet(Lookup.Absent::new);
    } catch (Expression.TooHard e) {
      return new Lookup.Unavailable(name + ": " + e.getMessage());
    }
  }

  @Override
  public boolean patterns() {
    return true;
  }

  @Override
  public String toString() {
    return name;
  }

  private Optional<String> first(List<Rule> rules, PatternSubject key) {
    for (Rule rule : rules) {
      Optional<String> value =
          switch (rule) {
            case Rule.Entry(String place, Condition condition, PatternSubstitution result) ->
                condition
                    .holds(key)
                    .map(groups -> found(place, key, key.value(result.with(groups))));
            case Rule.Block(Condition condition, List<Rule> inner) ->
                condition.holds(key).flatMap(_ -> first(inner, key));
          };
      if (value.isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }

  private String found(String place, PatternSubject key, String value) {
    Trail.found(name, place, key.text(), value);
    return value;
  }

  private static Rule.Entry entry(TableLine line, boolean posix, Values values) {
    Parsed parsed = Parsed.of(line.text(), posix);
    if (parsed.rest().isEmpty()) {
      throw new IllegalArgumentException("expected a value after the pattern");
    }
    values.check(parsed.rest());
    Condition condition = parsed.condition();
    var value = PatternSubstitution.parse(parsed.rest(), condition.expression().groups());
    if (!values.allowsSubstitution() && !value.fixed()) {
      throw new IllegalArgumentException(
          "$1 and its like are not for this table: what is looked up comes from strangers");
    }
    if (condition.negated() && !value.fixed()) {
      throw new IllegalArgumentException("a negated pattern has no $1 to put in");
    }
    return new Rule.Entry(line.place(), condition, value);
  }

  /// An `if` whose `endif` has not come yet.
  ///
  /// @param around the rules around it
  private record Open(TableLine line, List<Rule> around, Condition condition) {}

  /// A line, read.
  ///
  /// @param rest what comes after the pattern and its flags
  record Parsed(Condition condition, String rest) {
    /// Reads `!/pattern/flags rest`; any character that is not a letter or digit may be the
    /// delimiter.
    ///
    /// @throws IllegalArgumentException says what was expected
    static Parsed of(String text, boolean posix) {
      int at = 0;
      boolean negated = false;
      while (at < text.length()
          && (text.charAt(at) == '!' || Character.isWhitespace(text.charAt(at)))) {
        negated ^= text.charAt(at) == '!';
        at++;
      }
      if (at == text.length() || Character.isLetterOrDigit(text.charAt(at))) {
        throw new IllegalArgumentException("expected /pattern/, found \"" + text + "\"");
      }
      char delimiter = text.charAt(at);
      int end = at + 1;
      while (end < text.length() && text.charAt(end) != delimiter) {
        end += text.charAt(end) == '\\' ? 2 : 1;
      }
      if (end >= text.length()) {
        throw new IllegalArgumentException(
            "expected a second " + delimiter + " at the end of the pattern, in \"" + text + "\"");
      }
      int flags = end + 1;
      while (flags < text.length() && !Character.isWhitespace(text.charAt(flags))) {
        flags++;
      }
      var wording = PatternWording.of(text.substring(at + 1, end), posix);
      var expression =
          Expression.of(
              wording.pattern(),
              posix,
              ExpressionFlags.parse(text.substring(end + 1, flags), posix));
      return new Parsed(
          new Condition(expression, wording.octets(), negated), text.substring(flags).strip());
    }
  }
}
