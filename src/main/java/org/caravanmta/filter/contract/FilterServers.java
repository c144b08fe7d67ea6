package org.caravanmta.filter.contract;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The servers of one content filter that looks at whole messages. If the one that is asked fails
/// at once, another is asked, too, unless the first may have taken the message over.
public final class FilterServers implements MessageFilter {
  private final ServerChoice<MessageFilter> servers;

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
  }

  @Override
  public FilterAnswer examine(Examined message) {
    var tried = new ArrayList<FilterServer<MessageFilter>>();
    long start = servers.ticks();
    Optional<FilterAnswer> failed = Optional.empty();
    while (failed.isEmpty() || servers.isPrompt(start)) {
      Optional<FilterServer<MessageFilter>> server = servers.next(tried);
      if (server.isEmpty()) {
        break;
      }
      tried.add(server.get());
      FilterAnswer answer = ask(server.get(), message);
      if (!(answer.judgement() instanceof Judgement.NoAnswer(_, var cause))
          || cause != Judgement.NoAnswer.Cause.SERVER) {
        return answer;
      }
      failed = failed.isPresent() ? failed : Optional.of(answer);
    }
    return failed.orElseGet(() -> FilterAnswer.of(servers.resting()));
  }

  private FilterAnswer ask(FilterServer<MessageFilter> server, Examined message) {
    long start = servers.ticks();
    server.begin();
    boolean told = false;
    try {
      FilterAnswer answer = server.filter().examine(message);
      told = true;
      long took = servers.ticks() - start;
      server.took(took);
      if (answer.judgement() instanceof Judgement.NoAnswer(String why, var cause)
          && cause != Judgement.NoAnswer.Cause.MESSAGE) {
        server.failed(why, took);
      } else {
        server.answered(took);
      }
      return answer;
    } finally {
      server.end();
      if (!told) {
        // a fault of ours says nothing of the server
        server.unasked();
      }
    }
  }

  @Override
  public void close() {
    servers.servers().forEach(server -> server.filter().close());
  }
}
