package org.caravanmta.delivery.shaping;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.share.Shares;

/// The groups of servers: a rule has one, whichever transports have the rule.
public final class ServerGroups {
  /// How long a task waits for a place that has not booked one: others wait in queues, and so does
  /// this one when it has been put back.
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final ConcurrentMap<ShapingRule, ServerGroup> groups = new ConcurrentHashMap<>();
  private final Collection<IdleConnections> idle = new CopyOnWriteArrayList<>();
  private final Shares shares;

  /// Those of a server that is alone.
  public ServerGroups() {
    this(Shares.WHOLE);
  }

  /// @param shares the limits that nodes have in common
  public ServerGroups(Shares shares) {
    this.shares = shares;
  }

  /// Makes known what keeps connections open.
  public void watch(IdleConnections connections) {
    idle.add(connections);
  }

  ServerGroup of(ShapingRule rule) {
    return groups.computeIfAbsent(
        rule, it -> new ServerGroup(it, shares, idle, PATIENCE, System::nanoTime));
  }

  /// Registers metrics of each group.
  public void measure(MeterRegistry registry) {
    for (ServerGroup group : all()) {
      Tags tags = Tags.of("group", group.rule().key());
      Gauge.builder("caravan_server_group_connections", group, ServerGroup::used)
          .description("messages that have a place at servers whose limits many domains share")
          .tags(tags)
          .register(registry);
      group
          .rule()
          .given()
          .connections()
          .ifPresent(
              most ->
                  Gauge.builder("caravan_server_group_limit", most, Integer::doubleValue)
                      .description("the most of them at a time")
                      .tags(tags)
                      .strongReference(true)
                      .register(registry));
    }
  }

  /// All there are.
  public List<ServerGroup> all() {
    return List.copyOf(groups.values());
  }
}
