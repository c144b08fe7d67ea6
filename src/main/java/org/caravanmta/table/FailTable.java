package org.caravanmta.table;

/// A table that can never be asked (postfix `fail:NAME`): for seeing what happens then.
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
