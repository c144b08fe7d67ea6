package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Which keys a table is asked for, by their domain (postfix `ldap_table(5)`, `domain`): a list of
/// names, `!name`, and tables whose keys are domains, of which the first that matches decides. A
/// key whose domain matches none is not asked for, nor is one without local part or domain.
///
/// @param items none: every key is asked for
record DomainFilter(List<Item> items) {
  /// An item of the list.
  sealed interface Item {
    /// A domain.
    record Name(String domain, boolean negated) implements Item {}

    /// The domains that are keys of a table.
    record Listed(Table table, boolean negated) implements Item {}
  }

  /// @param texts the items as they are written
  /// @param tables opens a table by its name, `TYPE:NAME`
  static DomainFilter of(List<String> texts, Function<String, Table> tables) {
    var items = new ArrayList<Item>();
    for (String text : texts) {
      boolean negated = text.startsWith("!");
      String plain = negated ? text.substring(1) : text;
      items.add(
          plain.contains(":")
              ? new Item.Listed(tables.apply(plain), negated)
              : new Item.Name(plain, negated));
    }
    return new DomainFilter(List.copyOf(items));
  }

  /// Found when the table is to be asked for the key, absent when not, unavailable when a table of
  /// domains cannot be asked.
  Lookup admits(String key) {
    Lookup yes = new Lookup.Found(key);
    if (items.isEmpty()) {
      return yes;
    }
    int at = key.lastIndexOf('@');
    if (at <= 0 || at == key.length() - 1) {
      return new Lookup.Absent();
    }
    String domain = key.substring(at + 1);
    for (Item item : items) {
      boolean negated;
      boolean fits;
      switch (item) {
        case Item.Name name -> {
          negated = name.negated();
          fits = name.domain().equalsIgnoreCase(domain);
        }
        case Item.Listed listed -> {
          negated = listed.negated();
          Lookup found = listed.table().find(domain);
          if (found instanceof Lookup.Unavailable) {
            return found;
          }
          fits = found instanceof Lookup.Found;
        }
      }
      if (fits) {
        return negated ? new Lookup.Absent() : yes;
      }
    }
    return new Lookup.Absent();
  }
}
