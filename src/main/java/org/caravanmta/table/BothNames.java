package org.caravanmta.table;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.address.Idn;

/// A table that finds a domain by either of its forms, U-label or A-label (RFC 5890 §2.3.2.1): when
/// it has no entry for `user@bücher.example`, `bücher.example` or `.bücher.example`, the key is
/// looked up with the domain in its other form; so are next hops, `[mx.bücher.example]:25`.
record BothNames(Table table) implements Table {
  /// A host of a next hop with what stands around its name: `[name]`, `[name]:25`, `name:587`,
  /// `inet:name:24`.
  private static final Pattern NEXT_HOP =
      Pattern.compile("(?:inet:)?\\[?([^@.\\s:\\[\\]][^@\\s:\\[\\]]*)]?(?::[A-Za-z0-9-]+)?");

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
    int from = key.lastIndexOf('@') + 1;
    if (from < key.length() && key.charAt(from) == '.') {
      from++;
    }
    int to = key.length();
    Matcher hop = NEXT_HOP.matcher(key);
    if (hop.matches()) {
      from = hop.start(1);
      to = hop.end(1);
    }
    String name = key.substring(from, to);
    if (!Idn.mayHaveTwo(name, 0)) {
      return Optional.empty();
    }
    String start = key.substring(0, from);
    String rest = key.substring(to);
    return Idn.other(name).map(other -> start + other + rest);
  }
}
