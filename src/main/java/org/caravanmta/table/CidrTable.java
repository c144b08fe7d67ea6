package org.caravanmta.table;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Networks;

/// A table of networks, of which the first that matches counts (postfix `cidr_table(5)`):
/// `192.0.2.0/24 value`, `!2001:db8::/32 value`, `if 10.0.0.0/8` … `endif`. A negated network
/// matches all other addresses of its own family: `!192.0.2.0/24` matches no IPv6 address. A key
/// that is not an IP address is absent.
record CidrTable(String name, List<Rule> rules) implements Table {
  /// An entry.
  ///
  /// @param place where it is, `line 3`
  /// @param within the conditions of the `if`s around it, all of which must hold too
  record Rule(String place, List<Condition> within, Condition condition, String value) {
    boolean matches(InetAddress address) {
      return within.stream().allMatch(outer -> outer.holds(address)) && condition.holds(address);
    }
  }

  /// Whether an address is in a network, or, negated, is another address of its family.
  record Condition(Networks.Network network, boolean negated) {
    boolean holds(InetAddress address) {
      return network.sameFamily(address) && network.contains(address) != negated;
    }
  }

  /// Reads the lines of a table.
  ///
  /// @throws TableProblem names every line that is wrong
  static CidrTable read(String name, List<TableLine> lines, Values values) {
    var rules = new ArrayList<Rule>();
    Deque<Condition> within = new ArrayDeque<>();
    var problems = new ArrayList<TableProblem>();
    for (TableLine line : lines) {
      try {
        read(name, line, values, within, rules);
      } catch (TableProblem e) {
        problems.add(e);
      }
    }
    if (!problems.isEmpty()) {
      throw TableProblem.of(problems);
    }
    if (!within.isEmpty()) {
      throw lines.getLast().problem(name, "expected an endif for each if");
    }
    return new CidrTable(name, List.copyOf(rules));
  }

  private static void read(
      String name, TableLine line, Values values, Deque<Condition> within, List<Rule> rules) {
    TableLine.Pair pair = line.split();
    switch (pair.key().toLowerCase(Locale.ROOT)) {
      case "if" -> within.addLast(condition(name, line, pair.value()));
      case "endif" -> {
        if (within.pollLast() == null || !pair.value().isEmpty()) {
          throw line.problem(name, "expected an if before it and nothing after it");
        }
      }
      default -> {
        if (pair.value().isEmpty()) {
          throw line.problem(
              name,
              "expected \"network value\""
                  + (values.secret() ? "" : ", found \"" + line.text() + "\""));
        }
        line.check(name, values, pair.value());
        rules.add(
            new Rule(
                line.place(),
                List.copyOf(within),
                condition(name, line, pair.key()),
                pair.value()));
      }
    }
  }

  @Override
  public Lookup find(String key) {
    Optional<InetAddress> address = key.startsWith("[") ? Optional.empty() : Literals.address(key);
    if (address.isEmpty()) {
      return new Lookup.Absent();
    }
    return rules.stream()
        .filter(rule -> rule.matches(address.get()))
        .findFirst()
        .<Lookup>map(rule -> found(rule, key))
        .orElseGet(Lookup.Absent::new);
  }

  private Lookup found(Rule rule, String key) {
    Trail.found(name, rule.place(), key, rule.value());
    return new Lookup.Found(rule.value());
  }

  @Override
  public boolean patterns() {
    return true;
  }

  @Override
  public String toString() {
    return name;
  }

  private static Condition condition(String name, TableLine line, String text) {
    boolean negated = text.startsWith("!");
    try {
      return new Condition(
          Networks.Network.parse(negated ? text.substring(1).strip() : text), negated);
    } catch (IllegalArgumentException e) {
      throw line.problem(name, String.valueOf(e.getMessage()));
    }
  }
}
