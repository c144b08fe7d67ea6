package org.caravanmta.policy;

import org.caravanmta.table.Lookup;
import org.caravanmta.table.Table;

/// A table whose server is down.
public record BrokenTable(String name) implements Table {
  @Override
  public Lookup find(String key) {
    return new Lookup.Unavailable(name + " is down");
  }

  @Override
  public boolean patterns() {
    return false;
  }
}
