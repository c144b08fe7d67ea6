package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;

/// The section `delivery.sources`: from which of our addresses servers are called.
///
/// @param pools each a line that {@link SourcePool#parse} reads
/// @param usual the pool of mail that no table names one for; empty for none
/// @param senders tables of senders, with names of pools (the search of postfix
///   `sender_dependent_relayhost_maps`)
/// @param domains tables of recipient domains, with names of pools
/// @param failures after how many calls within `within` that could not be made from an address it
///   is left alone
/// @param within see `failures`
/// @param suspension for how long it is left alone
public record SourceSettings(
    List<String> pools,
    String usual,
    List<TableName> senders,
    List<TableName> domains,
    int failures,
    Duration within,
    Duration suspension) {
  public SourceSettings {
    pools = List.copyOf(pools);
    senders = List.copyOf(senders);
    domains = List.copyOf(domains);
    Require.atLeast(1, "failures", failures);
    Require.positive("within", within);
    Require.positive("suspension", suspension);
    Require.named("pools", pools, line -> SourcePool.parse(line).name());
    Set<String> names = Set.copyOf(SourcePool.names(pools));
    if (!usual.isEmpty() && !names.contains(usual)) {
      throw new IllegalArgumentException("usual must be a pool of pools, " + all(names));
    }
  }

  private static String all(Set<String> names) {
    return names.isEmpty()
        ? "of which there is none"
        : "one of " + names.stream().sorted().collect(Collectors.joining(", "));
  }

  /// Without any pool.
  static SourceSettings none() {
    return new SourceSettings(
        List.of(), "", List.of(), List.of(), 1, Duration.ofMinutes(1), Duration.ofMinutes(1));
  }
}
