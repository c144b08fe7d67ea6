package org.caravanmta.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.caravanmta.address.Octets;

/// Opens tables by the names that operators give them, `TYPE:NAME` (postfix `DATABASE_README`).
public final class Tables {
  private static final String KNOWN =
      "texthash:, hash:, regexp:, pcre:, cidr:, inline:, static:, unionmap:, pipemap:, randmap:,"
          + " fail:, unix:, jdbc:, ldap:, socketmap: or tcp:";

  private Tables() {}

  /// Opens a table whose values may be anything.
  ///
  /// @throws TableProblem says which table, which line, and what was expected
  public static Table open(String name) {
    return open(name, InstantSource.system(), Values.ANY);
  }

  /// Opens a table.
  ///
  /// @param clock says when a file is looked at again
  /// @param values what every value must be
  /// @throws TableProblem says which table, which line, and what was expected
  public static Table open(TableName name, InstantSource clock, Values values) {
    return open(name.text(), clock, values);
  }

  /// Opens a table by a name whose form has not been checked.
  ///
  /// @param clock says when a file is looked at again
  /// @param values what every value must be
  /// @throws TableProblem says which table, which line, and what was expected
  public static Table open(String name, InstantSource clock, Values values) {
    try {
      return new BothNames(opened(name, clock, values));
    } catch (TableProblem e) {
      return Remarks.refuse(values.secret() ? "a table of passwords" : name.strip(), e);
    }
  }

  private static Table opened(String name, InstantSource clock, Values values) {
    String whole = name.strip();
    int colon = whole.indexOf(':');
    String type = colon < 0 ? "" : whole.substring(0, colon);
    String rest = whole.substring(colon + 1).strip();
    // what messages call it
    String spec = values.secret() ? SecretFile.shown(type, rest) : whole;
    if (values.secret() && rest.startsWith("{")) {
      SecretFile.checkBraces(spec, rest);
    }
    return switch (type) {
      case "texthash", "hash" ->
          file(
              spec,
              rest,
              clock,
              values,
              source -> FixedTable.read(spec, TableLine.in(spec, source), values));
      case "regexp" ->
          ruled(spec, rest, clock, values, lines -> PatternTable.read(spec, true, lines, values));
      case "pcre" ->
          ruled(spec, rest, clock, values, lines -> PatternTable.read(spec, false, lines, values));
      case "cidr" -> ruled(spec, rest, clock, values, lines -> CidrTable.read(spec, lines, values));
      case "inline" -> FixedTable.inline(spec, rest, values);
      case "static" -> {
        new TableLine("", 0, rest).check(spec, values, rest);
        yield new StaticTable(spec, rest);
      }
      case "unionmap" -> new UnionTable(spec, several(spec, rest, clock, values));
      // what one table hands to the next may be anything
      case "pipemap" -> new PipeTable(spec, several(spec, rest, clock, piped(values)));
      case "randmap" -> {
        List<String> items = items(spec, rest);
        items.forEach(item -> new TableLine("", 0, item).check(spec, values, item));
        yield new RandomTable(spec, items, new SplittableRandom());
      }
      case "fail" -> new FailTable(spec);
      case "unix" -> UnixTable.open(spec, rest, clock);
      case "jdbc" ->
          JdbcTable.open(
              spec, path(spec, rest), clock, values, other -> open(other, clock, Values.ANY));
      case "ldap" ->
          LdapTable.open(
              spec, path(spec, rest), clock, values, other -> open(other, clock, Values.ANY));
      case "socketmap" -> SocketmapTable.open(spec, rest, clock);
      case "tcp" -> TcpTable.open(spec, rest, clock);
      // Postfix opens a table outside its chroot with it; we are not in a chroot
      case "proxy" -> opened(rest, clock, values);
      default -> throw new TableProblem(spec, "", "expected a table such as " + KNOWN);
    };
  }

  /// Opens alias tables, to be asked from left to right; their files have lines `name: value`
  /// (postfix `aliases(5)`).
  ///
  /// @throws TableProblem says which table, which line, and what was expected
  public static SearchPath aliases(List<TableName> names, InstantSource clock, Values values) {
    return new SearchPath(
        names.stream().map(name -> alias(name.text().strip(), clock, values)).toList());
  }

  private static Table alias(String spec, InstantSource clock, Values values) {
    int colon = spec.indexOf(':');
    String type = colon < 0 ? "" : spec.substring(0, colon);
    if (!type.equals("texthash") && !type.equals("hash")) {
      return open(spec, clock, values);
    }
    try {
      return file(
          spec,
          spec.substring(colon + 1).strip(),
          clock,
          values,
          source -> FixedTable.aliases(spec, TableLine.in(spec, source), values));
    } catch (TableProblem e) {
      return Remarks.refuse(spec, e);
    }
  }

  /// Opens tables, to be asked from left to right.
  ///
  /// @throws TableProblem says which table, which line, and what was expected
  public static SearchPath search(List<TableName> names, InstantSource clock, Values values) {
    return new SearchPath(names.stream().map(name -> open(name, clock, values)).toList());
  }

  private static Values piped(Values values) {
    Values any = values.allowsSubstitution() ? Values.ANY : Values.FIXED;
    return values.secret() ? Values.secret(any) : any;
  }

  /// A table of rules, in a file or, in braces, in the setting itself.
  private static Table ruled(
      String spec,
      String rest,
      InstantSource clock,
      Values values,
      Function<List<TableLine>, Table> format) {
    return rest.startsWith("{")
        ? format.apply(TableLine.entries(spec, rest))
        : new FileTable(
            spec,
            path(spec, rest, values),
            // patterns may have bytes that are not UTF-8
            bytes -> format.apply(TableLine.of(spec, Octets.text(bytes))),
            clock);
  }

  private static Table file(
      String spec,
      String rest,
      InstantSource clock,
      Values values,
      Function<String, Table> format) {
    return new FileTable(
        spec,
        path(spec, rest, values),
        // a byte that is not UTF-8 becomes a character that no key has
        bytes -> format.apply(new String(bytes, StandardCharsets.UTF_8)),
        clock);
  }

  private static Path path(String spec, String rest, Values values) {
    Path file = path(spec, rest);
    if (values.secret()) {
      SecretFile.check(spec, file);
    }
    return file;
  }

  private static Path path(String spec, String rest) {
    if (rest.isEmpty()) {
      throw new TableProblem(spec, "", "expected the name of a file after the colon");
    }
    return Path.of(rest);
  }

  private static List<Table> several(
      String spec, String braced, InstantSource clock, Values values) {
    return items(spec, braced).stream().map(name -> opened(name, clock, values)).toList();
  }

  /// The items in the braces, at least one. An item with white space in it is written in braces,
  /// which are removed.
  private static List<String> items(String spec, String braced) {
    List<String> items =
        Braces.items(spec, braced).stream()
            .map(item -> item.startsWith("{") ? Braces.content(spec, item).strip() : item)
            .toList();
    if (items.isEmpty()) {
      throw new TableProblem(spec, "", "expected at least one item in the braces");
    }
    return items;
  }
}
