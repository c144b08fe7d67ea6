package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A table that has the values of several tables for a key, separated by commas (postfix
/// `unionmap:{type:name, …}`). It is unavailable when one of them is.
record UnionTable(String name, List<Table> tables) implements Table {
  UnionTable {
    tables = List.copyOf(tables);
  }

  @Override
  public Lookup find(String key) {
    var values = new ArrayList<String>();
    for (Table table : tables) {
      switch (table.find(key)) {
        case Lookup.Found(String value) -> values.add(value);
        case Lookup.Absent() -> {}
        case Lookup.Unavailable unavailable -> {
          return unavailable;
        }
      }
    }
    return values.isEmpty() ? new Lookup.Absent() : new Lookup.Found(String.join(",", values));
  }

  @Override
  public boolean patterns() {
    return tables.stream().allMatch(Table::patterns);
  }

  @Override
  public OptionalInt owner() {
    return tables.stream().map(Table::owner).flatMapToInt(OptionalInt::stream).findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
