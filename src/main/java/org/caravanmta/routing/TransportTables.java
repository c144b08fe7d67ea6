package org.caravanmta.routing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Table;

/// The operator's transport tables (postfix `transport(5)`), asked for the whole address, the
/// address without its extension, the domain, each `.parent` of it, and `*`: for each key all
/// tables in their order. Tables of patterns are asked for the whole address only.
///
/// @param delimiters the characters that may start an address extension
/// @param parents whether `example.org` is a key of the domains below it too; if not,
///   `.example.org` is (postfix `parent_domain_matches_subdomains`)
record TransportTables(List<Table> tables, String delimiters, boolean parents) {
  TransportTables {
    tables = List.copyOf(tables);
  }

  TransportChoice choose(Address recipient) {
    if (tables.isEmpty()) {
      return TransportChoice.AS_USUAL;
    }
    boolean first = true;
    for (String key : keys(recipient)) {
      for (Table table : tables) {
        if (table.patterns() && !first) {
          continue;
        }
        switch (table.find(table.patterns() ? recipient.toString() : key)) {
          case Lookup.Found(String value) -> {
            return parse(value.strip(), recipient);
          }
          case Lookup.Absent() -> {}
          case Lookup.Unavailable(String why) -> {
            return new TransportChoice.Unavailable(table.name() + ": " + why);
          }
        }
      }
      first = false;
    }
    return TransportChoice.AS_USUAL;
  }

  private Set<String> keys(Address recipient) {
    var keys = new LinkedHashSet<String>();
    keys.add(recipient.key());
    String local = recipient.localPart();
    for (int i = 1; i < local.length(); i++) {
      if (delimiters.indexOf(local.charAt(i)) >= 0) {
        keys.add(new Address(local.substring(0, i), recipient.domain()).key());
        break;
      }
    }
    keys.add(recipient.domain().key());
    var above = new ArrayList<>(recipient.domain().parents());
    above.forEach(parent -> keys.add(parents ? parent : "." + parent));
    keys.add("*");
    return keys;
  }

  private static TransportChoice parse(String value, Address recipient) {
    if (!value.isEmpty() && !value.startsWith(":")) {
      return new TransportChoice.Other(NamedTransport.parse(value, recipient.domain().key()));
    }
    String nextHop = value.isEmpty() ? "" : value.substring(1).strip();
    return nextHop.isEmpty() ? TransportChoice.AS_USUAL : new TransportChoice.Elsewhere(nextHop);
  }
}
