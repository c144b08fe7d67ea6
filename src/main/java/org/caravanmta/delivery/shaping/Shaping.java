package org.caravanmta.delivery.shaping;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What the settings of one transport say about how much destinations and servers may get.
public final class Shaping {
  private final ShapingTable table;
  private final int messagesPerConnection;

  /// @param messagesPerConnection where no rule says another number; 0 for any
  private Shaping(ShapingTable table, int messagesPerConnection) {
    this.table = table;
    this.messagesPerConnection = messagesPerConnection;
  }

  /// As the settings say it.
  ///
  /// @throws org.caravanmta.config.WrongSetting says which rule is wrong, and what was expected
  public static Shaping open(ShapingSettings own) {
    return new Shaping(ShapingTable.open(own), own.messagesPerConnection());
  }

  /// Without rules.
  public static Shaping usual() {
    return open(ShapingSettings.USUAL);
  }

  /// The rule for a destination.
  public Optional<ShapingRule> destination(String nextHop) {
    return table.destination(nextHop);
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
