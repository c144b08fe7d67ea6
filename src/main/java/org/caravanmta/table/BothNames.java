package org.caravanmta.table;

import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.Idn;

/// A table that knows a domain by either of its names (RFC 5890 §2.3.2.1): what it does not say of
/// `user@bücher.example`, `bücher.example` or `.example`, it is asked of the other form.
record BothNames(Table table) implements Table {
  @Override
  public String name() {
    return table.name();
  }

  @Override
  public Lookup find(String key) {
    Lookup found = table.find(key);
    return found instanceof Lookup.Absent ? other(key).map(table::find).orElse(found) : found;
  }

  @Override
  public boolean patterns() {
    return table.patterns();
  }

  @Override
  public OptionalInt owner() {
    return table.owner();
  }

  @Override
  public String toString() {
    return table.toString();
  }

  /// The key with the other name of its domain, if that has two.
  private static Optional<String> other(String key) {
    int at = key.lastIndexOf('@') + 1;
    if (at < key.length() && key.charAt(at) == '.') {
      at++;
    }
    if (!Idn.mayHaveTwo(key, at)) {
      return Optional.empty();
    }
    String start = key.substring(0, at);
    return Idn.other(key.substring(at)).map(start::concat);
  }
}
