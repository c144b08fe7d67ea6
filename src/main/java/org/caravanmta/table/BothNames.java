package org.caravanmta.table;

import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.Idn;

/// A table that finds a domain by either of its forms, U-label or A-label (RFC 5890 §2.3.2.1): when
/// it has no entry for `user@bücher.example`, `bücher.example` or `.bücher.example`, the key is
/// looked up with the domain in its other form.
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

  /// The key with its domain in the other form; absent if the domain has only one.
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
