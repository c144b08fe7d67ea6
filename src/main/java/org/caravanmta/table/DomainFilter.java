package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The domains that a table is asked about (postfix `ldap_table(5)`, `domain`): names, `!name` and
/// tables that have the name as a key; the first that fits decides. Of other keys nothing is asked,
/// nor of those without local part or domain.
///
/// @param items none: every key is asked about
record DomainFilter(List<Item> items) {
  sealed interface Item {
    record Name(String domain, boolean negated) implements Item {}

    record Listed(Table table, boolean negated) implements Item {}
  }

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

  /// Found when the key is to be asked about, absent when not.
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
