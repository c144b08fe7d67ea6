package org.caravanmta.table;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// Opens tables by the names operators give them, `TYPE:NAME`.
public final class Tables {
  private static final String KNOWN = "texthash:, hash:, regexp:, pcre:, cidr:, inline: or static:";

  private Tables() {}

  public static Table open(String name) {
    return open(name, InstantSource.system(), Values.ANY);
  }

  /// @param clock says when a file is looked at again
  /// @param values what every value has to be
  /// @throws TableProblem says which table, which line, and what was expected
  public static Table open(String name, InstantSource clock, Values values) {
    String spec = name.strip();
    int colon = spec.indexOf(':');
    String type = colon < 0 ? "" : spec.substring(0, colon);
    String rest = spec.substring(colon + 1).strip();
    return switch (type) {
      case "texthash", "hash" ->
          file(spec, rest, clock, lines -> FixedTable.read(spec, lines, values));
      case "regexp" ->
          ruled(spec, rest, clock, lines -> PatternTable.read(spec, true, lines, values));
      case "pcre" ->
          ruled(spec, rest, clock, lines -> PatternTable.read(spec, false, lines, values));
      case "cidr" -> ruled(spec, rest, clock, lines -> CidrTable.read(spec, lines, values));
      case "inline" -> FixedTable.inline(spec, rest, values);
      case "static" -> {
        new Line("", rest).check(spec, values, rest);
        yield new StaticTable(spec, rest);
      }
      default -> throw new TableProblem(spec, "", "expected a table such as " + KNOWN);
    };
  }

  /// Opens several, to be searched from left to right.
  public static SearchPath search(List<String> names, InstantSource clock, Values values) {
    return new SearchPath(names.stream().map(name -> open(name, clock, values)).toList());
  }

  /// Rules are in a file, or in the setting itself, in braces.
  private static Table ruled(
      String spec, String rest, InstantSource clock, Function<List<Line>, Table> format) {
    return rest.startsWith("{")
        ? format.apply(Line.entries(spec, rest))
        : file(spec, rest, clock, format);
  }

  private static Table file(
      String spec, String rest, InstantSource clock, Function<List<Line>, Table> format) {
    if (rest.isEmpty()) {
      throw new TableProblem(spec, "", "expected the name of a file behind the colon");
    }
    return new FileTable(spec, Path.of(rest), format, clock);
  }
}
