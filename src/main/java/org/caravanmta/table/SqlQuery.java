package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An SQL query with placeholders for parts of a key (postfix `pgsql_table(5)`, `query`), turned
/// into a prepared statement: a literal in quotes that has a placeholder in it becomes one
/// parameter, and so does a placeholder outside quotes. So a key is never part of the SQL, whatever
/// characters it has.
///
/// @param statement the SQL, with a `?` for each of `parameters`
record SqlQuery(String statement, List<Template> parameters) {
  /// @throws IllegalArgumentException if a percent sign does not begin a placeholder, or a quote is
  ///   not closed
  static SqlQuery parse(String query) {
    var statement = new StringBuilder();
    var parameters = new ArrayList<Template>();
    int at = 0;
    while (at < query.length()) {
      char c = query.charAt(at);
      if (c == '\'') {
        int end = endOfLiteral(query, at);
        String literal = query.substring(at, end);
        if (literal.contains("%")) {
          statement.append('?');
          parameters.add(
              new Template(literal.substring(1, literal.length() - 1).replace("''", "'")));
        } else {
          statement.append(literal);
        }
        at = end;
      } else if (c == '%' && at + 1 < query.length()) {
        if (query.charAt(at + 1) == '%') {
          statement.append('%');
        } else {
          statement.append('?');
          parameters.add(new Template(query.substring(at, at + 2)));
        }
        at += 2;
      } else {
        statement.append(c);
        at++;
      }
    }
    return new SqlQuery(statement.toString(), List.copyOf(parameters));
  }

  /// The parameters for a key; absent when the key lacks a part that the query needs.
  Optional<List<String>> with(Template.Parts key) {
    var values = new ArrayList<String>();
    for (Template parameter : parameters) {
      Optional<String> value = parameter.query(key, UnaryOperator.identity());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(values);
  }

  private static int endOfLiteral(String query, int from) {
    int at = from + 1;
    while (at < query.length()) {
      if (query.charAt(at) != '\'') {
        at++;
      } else if (at + 1 < query.length() && query.charAt(at + 1) == '\'') {
        at += 2;
      } else {
        return at + 1;
      }
    }
    throw new IllegalArgumentException("a quote without its end in \"" + query + "\"");
  }
}
