package org.caravanmta.table;

import java.util.OptionalInt;

/// A lookup table: values by keys (postfix `DATABASE_README`).
public interface Table {
  /// As the operator wrote it: `texthash:/etc/caravan/virtual`.
  String name();

  /// Looks up a key; may block while another program is asked.
  Lookup find(String key);

  /// Whether the table has patterns in place of keys: then only whole keys are looked up in it, in
  /// their original case, never a part such as `@domain`.
  boolean patterns();

  /// The uid of the user who owns the table, if that is a user other than root (postfix
  /// `DICT_OWNER`).
  default OptionalInt owner() {
    return OptionalInt.empty();
  }
}
