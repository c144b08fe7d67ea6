package org.caravanmta.filter.contract;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The servers of one content filter that looks at whole messages. If the one that is asked fails
/// at once, another is asked, too, unless the first may have taken the message over.
public final class FilterServers implements MessageFilter {
  private final ServerChoice<MessageFilter> servers;
  private final boolean takesOver;

  /// @param step the filter, as the step of a route names it
  /// @param filters by the names that the log has for them
  /// @param prompt a server that fails within this time does not cost the message its filter, if
  ///   there is another
  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public FilterServers(
      String step,
      Map<String, MessageFilter> filters,
      Duration prompt,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random) {
    this.servers =
        new ServerChoice<>(
            step, filters, new ServerChoice.Terms(prompt, Duration.ZERO, clock, ticks, random));
    this.takesOver = filters.values().stream().anyMatch(MessageFilter::takesOver);
  }

  @Override
  public FilterAnswer examine(Examined message) {
    return servers.ask(
        message.later(),
        filter -> filter.examine(message),
        answer ->
            answer.judgement() instanceof Judgement.NoAnswer none
                ? Optional.of(none)
                : Optional.empty(),
        FilterAnswer::of);
  }

  @Override
  public boolean takesOver() {
    return takesOver;
  }

  @Override
  public void revive() {
    servers.revive();
  }

  @Override
  public void close() {
    servers.close(MessageFilter::close);
  }
}
