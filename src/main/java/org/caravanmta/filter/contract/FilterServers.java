package org.caravanmta.filter.contract;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The servers of one content filter: which of them is asked about a message.
///
/// Of two that are drawn, the one that answers sooner and has less to do is asked. One that fails
/// half of the time is not asked for a while, so that mail does not wait for it each time; after
/// that it gets little at first. If the one that is asked fails at once, another is asked, too.
public final class FilterServers implements MessageFilter {
  /// As many answers are looked at to tell whether a server fails.
  private static final int WINDOW = 20;

  /// With fewer it cannot be told.
  private static final int FEWEST = 5;

  private static final float HALF = 50;

  /// How long a server that fails is not asked.
  private static final Duration REST = Duration.ofSeconds(10);

  /// How long a server that has recovered gets less than its share.
  private static final Duration SLOW_START = Duration.ofSeconds(30);

  /// How much less at most.
  private static final double LEAST_SHARE = 0.05;

  /// How much the last answer counts in the mean of how long answers take.
  private static final double LAST = 0.2;

  private final List<Server> servers;
  private final Duration prompt;
  private final InstantSource clock;
  private final LongSupplier ticks;
  private final RandomGenerator random;

  /// One server, with what is known of it.
  private static final class Server {
    private final String name;
    private final MessageFilter filter;
    private final CircuitBreaker breaker;
    private double meanNanos;
    private int asked;
    private @Nullable Instant recovered;

    Server(String name, MessageFilter filter, Clock clock) {
      this.name = name;
      this.filter = filter;
      this.breaker =
          CircuitBreaker.of(
              name,
              CircuitBreakerConfig.custom()
                  .clock(clock)
                  .slidingWindow(WINDOW, FEWEST, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                  .failureRateThreshold(HALF)
                  .waitDurationInOpenState(REST)
                  .permittedNumberOfCallsInHalfOpenState(1)
                  .build());
      breaker
          .getEventPublisher()
          .onStateTransition(
              change -> {
                if (change.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                  recovered(clock.instant());
                }
              });
    }

    private synchronized void recovered(Instant at) {
      recovered = at;
      meanNanos = 0;
    }

    /// The less, the better.
    synchronized double burden(Instant now) {
      Instant since = recovered;
      double share =
          since == null
              ? 1
              : Math.clamp(
                  (double) Duration.between(since, now).toMillis() / SLOW_START.toMillis(),
                  LEAST_SHARE,
                  1);
      return Math.max(1, meanNanos) * (asked + 1) / share;
    }

    synchronized void begin() {
      asked++;
    }

    synchronized void end(long nanos) {
      asked--;
      meanNanos = meanNanos == 0 ? nanos : meanNanos + LAST * (nanos - meanNanos);
    }
  }

  /// @param filters by the names that the log has for them
  /// @param prompt a server that fails within this time does not cost the message its filter, if
  ///   there is another
  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public FilterServers(
      Map<String, MessageFilter> filters,
      Duration prompt,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random) {
    if (filters.isEmpty()) {
      throw new IllegalArgumentException("a filter has at least one server");
    }
    this.prompt = prompt;
    this.clock = clock;
    this.ticks = ticks;
    this.random = random;
    Clock zoned = clock.withZone(ZoneOffset.UTC);
    this.servers =
        filters.entrySet().stream()
            .map(each -> new Server(each.getKey(), each.getValue(), zoned))
            .toList();
  }

  @Override
  public FilterAnswer examine(Examined message) {
    var left = new ArrayList<>(servers);
    long start = ticks.getAsLong();
    Optional<FilterAnswer> failed = Optional.empty();
    while (!left.isEmpty() && (failed.isEmpty() || ticks.getAsLong() - start < prompt.toNanos())) {
      Server server = choose(left);
      left.remove(server);
      if (server.breaker.tryAcquirePermission()) {
        FilterAnswer answer = ask(server, message);
        if (!(answer.judgement() instanceof Judgement.NoAnswer)) {
          return answer;
        }
        failed = failed.isPresent() ? failed : Optional.of(answer);
      }
    }
    return failed.orElseGet(this::resting);
  }

  private FilterAnswer resting() {
    return FilterAnswer.of(
        new Judgement.NoAnswer(
            String.join(", ", servers.stream().map(server -> server.name).toList())
                + ": not asked, since it has failed again and again; asked again within "
                + REST.toSeconds()
                + "s"));
  }

  private FilterAnswer ask(Server server, Examined message) {
    long start = ticks.getAsLong();
    server.begin();
    FilterAnswer answer;
    try {
      answer = server.filter.examine(message);
    } catch (RuntimeException e) {
      // a fault of ours is not an answer either
      answer = FilterAnswer.of(new Judgement.NoAnswer(server.name + ": " + e));
    }
    long took = ticks.getAsLong() - start;
    server.end(took);
    if (answer.judgement() instanceof Judgement.NoAnswer(String why)) {
      server.breaker.onError(took, TimeUnit.NANOSECONDS, new IllegalStateException(why));
    } else {
      server.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
    }
    return answer;
  }

  private Server choose(List<Server> left) {
    Server one = left.get(random.nextInt(left.size()));
    Server other = left.get(random.nextInt(left.size()));
    Instant now = clock.instant();
    return one.burden(now) <= other.burden(now) ? one : other;
  }

  @Override
  public void close() {
    servers.forEach(server -> server.filter.close());
  }
}
