package org.caravanmta.table;

import java.util.List;
import java.util.OptionalInt;

/// A table made of several, where each is asked for the value that the one before has found
/// (postfix `pipemap:{type:name, …}`). A key is absent if one of them does not have what it is
/// asked for.
///
/// @param tables at least one
record PipeTable(String name, List<Table> tables) implements Table {
  PipeTable {
    tables = List.copyOf(tables);
  }

  @Override
  public Lookup find(String key) {
    Lookup found = new Lookup.Found(key);
    for (Table table : tables) {
      if (!(found instanceof Lookup.Found(String value))) {
        return found;
      }
      found = table.find(value);
    }
    return found;
  }

  @Override
  public boolean patterns() {
    return tables.getFirst().patterns();
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
