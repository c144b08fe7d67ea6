package org.caravanmta.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A line of a file of rules that begins with a regular expression, as those of a `pcre` table do
/// (postfix `pcre_table(5)`): `/pattern/flags rest`. Without a flag upper and lower case are the
/// same.
public final class PatternLine {
  private final String place;
  private final PatternTable.Parsed parsed;

  private PatternLine(String place, PatternTable.Parsed parsed) {
    this.place = place;
    this.parsed = parsed;
  }

  /// Reads a file in which comments, empty lines and continuations are as in other tables (postfix
  /// `postmap(1)`).
  ///
  /// @param make makes a rule of each line, and may say what is wrong with it
  /// @throws IllegalArgumentException names every line that is wrong, as `file:3: what was
  ///   expected`
  public static <R> List<R> read(Path file, Function<PatternLine, R> make) throws IOException {
    var rules = new ArrayList<R>();
    var wrong = new ArrayList<String>();
    for (TableLine line : TableLine.of(file.toString(), Files.readString(file))) {
      String place = file + ":" + line.number();
      try {
        rules.add(make.apply(new PatternLine(place, PatternTable.Parsed.of(line.text(), false))));
      } catch (IllegalArgumentException e) {
        wrong.add(place + ": " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    return List.copyOf(rules);
  }

  /// Where it stands: `config/replies:3`.
  public String place() {
    return place;
  }

  /// What comes after the pattern and its flags; may be empty.
  public String rest() {
    return parsed.rest();
  }

  /// Whether the pattern is found in a text; not if that takes too long to tell.
  public boolean matches(String text) {
    try {
      return parsed.condition().holds(PatternSubject.of(text)).isPresent();
    } catch (Expression.TooHard e) {
      return false;
    }
  }
}
