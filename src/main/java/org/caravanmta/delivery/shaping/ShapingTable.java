package org.caravanmta.delivery.shaping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.table.TableLine;

/// The rules of the operator about how much destinations and servers may get.
///
/// * A destination has the rule of its name, else that of the closest domain above it.
/// * A server has one rule: that of its name, else the one with the longest pattern.
public final class ShapingTable {
  private static final String KEY = "delivery.scheduling.shaping";

  private final Map<String, ShapingRule> destinations = new HashMap<>();
  private final Map<String, ShapingRule> servers = new HashMap<>();
  private final List<NamePattern> patterns = new ArrayList<>();

  private ShapingTable() {}

  /// Without rules.
  public static ShapingTable none() {
    return new ShapingTable();
  }

  /// Reads the files of the settings.
  ///
  /// @throws WrongSetting says which file, which line, and what was expected
  public static ShapingTable open(ShapingSettings own) {
    var table = new ShapingTable();
    var wrong = new ArrayList<String>();
    own.shaping().forEach(file -> table.read(file, wrong));
    if (!wrong.isEmpty()) {
      var why = new IllegalArgumentException(String.join("; ", wrong));
      throw new WrongSetting(KEY, String.valueOf(why.getMessage()), why);
    }
    table.patterns.sort(Comparator.comparingInt(NamePattern::length).reversed());
    return table;
  }

  private void read(Path file, List<String> wrong) {
    List<TableLine> lines;
    try {
      lines = TableLine.of(file.toString(), Files.readString(file));
    } catch (IOException e) {
      wrong.add(file + ": " + FileTrouble.of(e));
      return;
    } catch (IllegalArgumentException e) {
      wrong.add(String.valueOf(e.getMessage()));
      return;
    }
    for (TableLine line : lines) {
      try {
        add(RuleReader.read(file + ":" + line.number(), line));
      } catch (IllegalArgumentException e) {
        wrong.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void add(ShapingRule rule) {
    ShapingRule before =
        (rule.isOfServers() ? servers : destinations).putIfAbsent(rule.key(), rule);
    if (before != null) {
      throw new IllegalArgumentException(
          rule.place() + ": " + rule.key() + ": expected once, but is at " + before.place());
    }
    if (rule.isOfServers() && rule.pattern().indexOf('*') >= 0) {
      patterns.add(NamePattern.of(rule));
    }
  }

  /// The rules for servers.
  Collection<ShapingRule> ofServers() {
    return servers.values();
  }

  /// The rule for a destination.
  ///
  /// @param nextHop as deliveries name it
  public Optional<ShapingRule> destination(String nextHop) {
    if (destinations.isEmpty()) {
      return Optional.empty();
    }
    String name = Ascii.lower(nextHop);
    ShapingRule exact = destinations.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    if (name.indexOf('[') >= 0 || name.indexOf(':') >= 0) {
      return Optional.empty();
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      ShapingRule above = destinations.get(name.substring(dot));
      if (above != null) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /// The rule for a server.
  ///
  /// @param host its name, as the DNS has it
  public Optional<ShapingRule> server(String host) {
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    String lower = Ascii.lower(host);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    ShapingRule exact = servers.get(ShapingRule.SERVERS + name);
    if (exact != null) {
      return Optional.of(exact);
    }
    return patterns.stream()
        .filter(pattern -> pattern.matches(name))
        .map(NamePattern::rule)
        .findFirst();
  }
}
