package org.caravanmta.table;

import java.util.OptionalInt;

/// A table of keys and values.
public interface Table {
  /// As the operator wrote it: `texthash:/etc/caravan/virtual`.
  String name();

  Lookup find(String key);

  /// Whether keys match as patterns: then only the whole key is looked up, in its original case,
  /// never a part of it.
  boolean patterns();

  /// The number of the user who can change what it says, when that is a user other than root
  /// (postfix `DICT_OWNER`).
  default OptionalInt owner() {
    return OptionalInt.empty();
  }
}
