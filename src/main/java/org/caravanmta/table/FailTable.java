package org.caravanmta.table;

/// A table that is always unavailable (postfix `fail:NAME`), for tests of what happens then, and in
/// place of a table that could not be opened.
record FailTable(String name) implements Table {
  @Override
  public Lookup find(String key) {
    return new Lookup.Unavailable(name + " cannot be asked, by its type");
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
