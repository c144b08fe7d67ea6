package org.caravanmta.delivery.shaping;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What the settings of one transport say about how much destinations and servers may get.
public final class Shaping {
  private final ShapingTable table;
  private final int messagesPerConnection;
  private final ServerGroups groups;
  private final boolean grouping;

  /// @param messagesPerConnection where no rule says another number; 0 for any
  private Shaping(ShapingTable table, int messagesPerConnection, ServerGroups groups) {
    this.table = table;
    this.messagesPerConnection = messagesPerConnection;
    this.groups = groups;
    // all are known from the start, for whoever watches them
    this.grouping = table.ofServers().stream().filter(Shaping::isGroup).map(groups::of).count() > 0;
  }

  /// As the settings say it.
  ///
  /// @param groups those of all transports
  /// @throws org.caravanmta.config.WrongSetting says which rule is wrong, and what was expected
  public static Shaping open(ShapingSettings own, ServerGroups groups) {
    return new Shaping(ShapingTable.open(own), own.messagesPerConnection(), groups);
  }

  /// Without rules.
  public static Shaping usual() {
    return open(ShapingSettings.USUAL, new ServerGroups());
  }

  /// The rule for a destination.
  public Optional<ShapingRule> destination(String nextHop) {
    return table.destination(nextHop);
  }

  /// Whether there are rules for servers.
  public boolean hasServers() {
    return !table.ofServers().isEmpty();
  }

  /// The rule for a server.
  ///
  /// @param host its name
  public Optional<ShapingRule> server(String host) {
    return table.server(host);
  }

  /// Whether there are groups of servers.
  public boolean hasGroups() {
    return grouping;
  }

  /// The group that a server is in, if it has limits that all of the group share.
  ///
  /// @param host the name of the server
  public Optional<ServerGroup> group(String host) {
    return grouping
        ? table.server(host).filter(Shaping::isGroup).map(groups::of)
        : Optional.empty();
  }

  private static boolean isGroup(ShapingRule rule) {
    return rule.given().connections().isPresent() || rule.given().rate().isPresent();
  }

  /// The most messages that a connection carries: of what its destination and its server are
  /// allowed, the smaller number.
  public int messagesPerConnection(String nextHop, String host) {
    return Stream.of(table.destination(nextHop), table.server(host))
        .flatMap(Optional::stream)
        .flatMap(rule -> rule.given().messagesPerConnection().stream())
        .map(Shaping::most)
        .min(Comparator.naturalOrder())
        .orElse(most(messagesPerConnection));
  }

  private static int most(int given) {
    return given == 0 ? Integer.MAX_VALUE : given;
  }
}
