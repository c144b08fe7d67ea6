package org.caravanmta.table;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Networks;

/// Makes lists of domains and of networks from their items (postfix `postconf(5)`, `mydestination`,
/// `mynetworks`). The first item that matches decides:
///
/// | item | matches |
/// |---|---|
/// | `example.org`, `192.0.2.0/24` | the domain, the addresses in the network |
/// | `type:name` | what the table has as a key; its value is not looked at |
/// | `/file` | what the items in the file match, read at the start; `#` begins a comment line |
/// | `!item` | what the item matches, which is then not in the list |
public final class Patterns {
  /// Levels of files that name files.
  private static final int DEEPEST = 20;

  private Patterns() {}

  /// Whether an item matches the subdomains of its domain (postfix
  /// `parent_domain_matches_subdomains`).
  public enum Below {
    /// No item does.
    APART,
    /// `example.org` matches the domain and its subdomains.
    WITH,
    /// `example.org` matches the domain alone, `.example.org` its subdomains alone.
    DOTTED
  }

  /// An item without its `!`, also one that was read from a file.
  private record Item(String text, boolean negated) {
    boolean isTable() {
      return text.matches("[a-z]+:.+") && !text.startsWith("[");
    }
  }

  /// The list of domains that these items make. It throws a `DomainList.Unavailable` when a table
  /// cannot be asked.
  ///
  /// @throws TableProblem says which table or file cannot be used, and why
  public static DomainList domains(List<String> texts, Below below, InstantSource clock) {
    List<Item> items = items(texts, 0);
    if (items.stream().noneMatch(item -> item.negated() || item.isTable())) {
      Set<String> names =
          items.stream().map(item -> key(item.text())).collect(Collectors.toUnmodifiableSet());
      return below == Below.APART
          ? domain -> names.contains(domain.key())
          : domain -> forms(domain, below).stream().anyMatch(names::contains);
    }
    var members = new ArrayList<Member<Domain>>();
    for (Item item : items) {
      members.add(
          item.isTable()
              ? listed(item, clock, domain -> forms(domain, below))
              : new Member<>(
                  item.negated(), domain -> forms(domain, below).contains(key(item.text()))));
    }
    List<Member<Domain>> all = List.copyOf(members);
    return domain -> first(all, domain);
  }

  /// The list of networks that these items make. Every client is looked up in such lists, so tables
  /// of another server are refused: no connection waits for one.
  ///
  /// @throws TableProblem says which table or file cannot be used, and why
  /// @throws IllegalArgumentException names the item that is not a network
  public static NetworkList networks(List<String> texts, InstantSource clock) {
    List<Item> items = items(texts, 0);
    var members = new ArrayList<Member<InetAddress>>();
    for (Item item : items) {
      if (!item.isTable()) {
        members.add(new Member<>(item.negated(), Networks.Network.parse(item.text())::contains));
      } else if (item.text().matches("(?s).*\\b(jdbc|ldap|socketmap|tcp|unix|fail):.*")) {
        throw new TableProblem(
            item.text(),
            "",
            "a list of networks takes tables in files only, as cidr:/etc/caravan/own");
      } else {
        members.add(listed(item, clock, address -> List.of(Literals.text(address))));
      }
    }
    List<Member<InetAddress>> all = List.copyOf(members);
    return address -> first(all, address);
  }

  /// An item, opened.
  private record Member<K>(boolean negated, Predicate<K> matches) {}

  private static <K> boolean first(List<Member<K>> members, K key) {
    for (Member<K> member : members) {
      if (member.matches().test(key)) {
        return !member.negated();
      }
    }
    return false;
  }

  private static <K> Member<K> listed(
      Item item, InstantSource clock, Function<K, List<String>> keys) {
    Table table = Tables.open(item.text(), clock, Values.ANY);
    return new Member<>(
        item.negated(),
        key -> {
          boolean whole = true;
          for (String form : keys.apply(key)) {
            if (whole || !table.patterns()) {
              switch (table.find(form)) {
                case Lookup.Found _ -> {
                  return true;
                }
                case Lookup.Absent() -> {}
                case Lookup.Unavailable(String why) -> throw new DomainList.Unavailable(why);
              }
            }
            whole = false;
          }
          return false;
        });
  }

  /// An item `example.org` or `.example.org` in the form of {@link Domain#key}.
  private static String key(String item) {
    return item.startsWith(".") ? "." + Idn.ascii(item.substring(1)) : Idn.ascii(item);
  }

  /// The keys that match a domain: its own, then those of the domains above it, nearest first.
  private static List<String> forms(Domain domain, Below below) {
    if (below == Below.APART) {
      return List.of(domain.key());
    }
    var forms = new ArrayList<String>();
    forms.add(domain.key());
    for (String parent : domain.parents()) {
      forms.add(below == Below.WITH ? parent : "." + parent);
    }
    return forms;
  }

  private static List<Item> items(List<String> texts, int depth) {
    var items = new ArrayList<Item>();
    for (String text : texts) {
      boolean negated = false;
      String plain = text.strip();
      while (plain.startsWith("!")) {
        negated = !negated;
        plain = plain.substring(1).strip();
      }
      if (plain.startsWith("/")) {
        for (Item inside : items(lines(plain, depth), depth + 1)) {
          items.add(new Item(inside.text(), inside.negated() != negated));
        }
      } else if (plain.isEmpty()) {
        throw new TableProblem(text, "", "expected a name, a table or a file after the !");
      } else {
        items.add(new Item(plain, negated));
      }
    }
    return items;
  }

  private static List<String> lines(String file, int depth) {
    if (depth >= DEEPEST) {
      throw new TableProblem(file, "", "a file that names itself, or too many within each other");
    }
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .map(String::strip)
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split("[\\s,]+")))
          .filter(item -> !item.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new TableProblem(file, "", "cannot be read: " + FileTable.words(e));
    }
  }
}
