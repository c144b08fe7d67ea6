package org.caravanmta.table;

/// A table of keys and values.
public interface Table {
  /// As the operator wrote it: `texthash:/etc/caravan/virtual`.
  String name();

  Lookup find(String key);

  /// Whether keys match as patterns: then only the whole key is looked up, in its original case,
  /// never a part of it.
  boolean patterns();
}
