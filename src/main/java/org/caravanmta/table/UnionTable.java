package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A table that asks several and has all of their values, separated by commas (postfix
/// `unionmap:{type:name, …}`). When one of them cannot be asked, what all of them hold is not
/// known.
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
