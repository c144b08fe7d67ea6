package org.caravanmta.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A text with placeholders for a key and its parts (postfix `ldap_table(5)`, `pgsql_table(5)`):
///
/// | placeholder | stands for |
/// |---|---|
/// | `%s` | the key; in a `result_format` the value |
/// | `%u`, `%d` | its local part and domain; in a `result_format` those of the value |
/// | `%1` … `%9` | a label of the key's domain, from its end: `%1` of `example.org` is `org` |
/// | `%S`, `%U`, `%D` | the key, its local part and its domain, also in a `result_format` |
/// | `%%` | a percent sign |
record Template(String text) {
  /// @throws IllegalArgumentException if a percent sign does not begin a placeholder
  Template {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 2)) {
      if (i + 1 == text.length() || "%sudSUD123456789".indexOf(text.charAt(i + 1)) < 0) {
        throw new IllegalArgumentException(
            "expected %s, %u, %d, %1 to %9 or %% in \"" + text + "\"");
      }
    }
  }

  /// The format of a value (postfix `result_format`).
  ///
  /// @throws IllegalArgumentException if a percent sign does not begin a placeholder, or if one
  ///   stands for a part of the key and `values` does not allow that
  static Template format(String text, Values values) {
    if (!values.allowsSubstitution() && text.replace("%%", "").matches(".*%[SUD1-9].*")) {
      throw new IllegalArgumentException(
          "result_format: %S, %U, %D and %1 to %9 are not for this table: what is looked up comes"
              + " from strangers");
    }
    return new Template(text);
  }

  /// A key or value in its parts.
  ///
  /// @param user the local part; all of the text when it has no domain
  record Parts(String whole, String user, Optional<String> domain) {
    /// Divides a key or value at its last `@`.
    static Parts of(String text) {
      int at = text.lastIndexOf('@');
      return at < 0
          ? new Parts(text, text, Optional.empty())
          : new Parts(
              text,
              text.substring(0, at),
              Optional.of(text.substring(at + 1)).filter(domain -> !domain.isEmpty()));
    }

    /// The label of the domain that is the `number`th from its end; absent if it has fewer.
    Optional<String> label(int number) {
      List<String> labels = domain.map(d -> Arrays.asList(d.split("\\."))).orElse(List.of());
      return number > labels.size()
          ? Optional.empty()
          : Optional.of(labels.get(labels.size() - number));
    }
  }

  /// The text for a key; absent when the key lacks a part that the template needs: then there is
  /// nothing to look up.
  ///
  /// @param quoting makes a part safe for the language of the query
  Optional<String> query(Parts key, UnaryOperator<String> quoting) {
    return filled(key, key, quoting);
  }

  /// The text for a value that was found for a key; absent when one of them lacks a part.
  Optional<String> result(Parts key, Parts value) {
    return filled(key, value, UnaryOperator.identity());
  }

  private Optional<String> filled(Parts key, Parts value, UnaryOperator<String> quoting) {
    var filled = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        filled.append(c);
        continue;
      }
      char place = text.charAt(++i);
      if (place == '%') {
        filled.append('%');
        continue;
      }
      Optional<String> part =
          switch (place) {
            case 's' -> Optional.of(value.whole());
            case 'u' -> Optional.of(value.user());
            case 'd' -> value.domain();
            case 'S' -> Optional.of(key.whole());
            case 'U' -> Optional.of(key.user());
            case 'D' -> key.domain();
            default -> key.label(place - '0');
          };
      if (part.isEmpty() || part.get().isEmpty()) {
        return Optional.empty();
      }
      filled.append(quoting.apply(part.get()));
    }
    return Optional.of(filled.toString());
  }

  /// The values of one lookup as one value: each formatted, with commas between them.
  ///
  /// @param most how many values there may be (postfix `expansion_limit`); 0: any number. With
  ///   more, the lookup is unavailable
  static Lookup joined(String table, Template format, Parts key, List<String> values, int most) {
    var results = new ArrayList<String>();
    for (String value : values) {
      if (!value.isEmpty()) {
        format.result(key, Parts.of(value)).ifPresent(results::add);
      }
    }
    if (most > 0 && results.size() > most) {
      return new Lookup.Unavailable(
          "%s: %s has more than %d values".formatted(table, key.whole(), most));
    }
    return results.isEmpty() ? new Lookup.Absent() : new Lookup.Found(String.join(",", results));
  }
}
