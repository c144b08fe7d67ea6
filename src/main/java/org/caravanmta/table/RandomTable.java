package org.caravanmta.table;

import java.util.List;
import java.util.random.RandomGenerator;

/// A table that answers every key with one of its values at random, all equally likely (postfix
/// `randmap:{value, …}`).
///
/// @param values at least one
record RandomTable(String name, List<String> values, RandomGenerator random) implements Table {
  RandomTable {
    values = List.copyOf(values);
  }

  @Override
  public Lookup find(String key) {
    return new Lookup.Found(values.get(random.nextInt(values.size())));
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
