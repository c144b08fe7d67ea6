package org.caravanmta.table;

import java.util.List;

/// Several tables, asked for each key from left to right until one has it or cannot be asked.
///
/// @param tables none: every key is absent
public record SearchPath(List<Table> tables) {
  public SearchPath {
    tables = List.copyOf(tables);
  }

  public boolean isEmpty() {
    return tables.isEmpty();
  }

  /// Looks up a whole key, in tables of patterns too.
  public Search find(String key) {
    return find(key, "", true);
  }

  /// Looks up a name that is not an address, which tables of patterns are not asked about.
  public Search plain(String key) {
    return part(key, "");
  }

  /// Looks up a part of a key, which tables of patterns are not asked about.
  ///
  /// @param extension the extension of an address, if the part leaves it out, with its delimiter
  public Search part(String key, String extension) {
    return find(key, extension, false);
  }

  /// @param patterns whether tables of patterns are asked too
  private Search find(String key, String extension, boolean patterns) {
    for (Table table : tables) {
      if (!patterns && table.patterns()) {
        continue;
      }
      switch (table.find(key)) {
        case Lookup.Found(String value) when value.isEmpty() -> {
          // as in Postfix: some programs send an empty value and mean that they have none
          return new Search.Unavailable(table.name() + ": an empty value for " + key);
        }
        case Lookup.Found(String value) -> {
          Trail.found(table.name(), "", key, value);
          return new Search.Found(value, extension, table);
        }
        case Lookup.Absent() -> {}
        case Lookup.Unavailable(String why) -> {
          return new Search.Unavailable(why);
        }
      }
    }
    return new Search.Absent();
  }
}
