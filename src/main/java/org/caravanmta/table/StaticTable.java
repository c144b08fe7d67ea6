package org.caravanmta.table;

/// A table that has the same value for every key (postfix `static:VALUE`).
record StaticTable(String name, String value) implements Table {
  @Override
  public Lookup find(String key) {
    return new Lookup.Found(value);
  }

  @Override
  public boolean patterns() {
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
