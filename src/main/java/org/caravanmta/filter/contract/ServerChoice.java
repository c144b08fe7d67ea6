package org.caravanmta.filter.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Which of a content filter's servers is asked: of two that are drawn, the one that answers sooner
/// and has less to do.
///
/// @param <F> how a server is asked
public final class ServerChoice<F> {
  /// How long whoever is patient waits for what comes of a trial.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<FilterServer<F>> servers;
  private final Terms terms;

  /// How servers are chosen.
  ///
  /// @param prompt a server that fails within this time does not cost the message its filter, if
  ///   there is another
  /// @param trial see {@link FilterServer}
  /// @param ticks nanoseconds of a clock that is never set, as {@link System#nanoTime}
  public record Terms(
      Duration prompt,
      Duration trial,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random) {}

  /// @param step the filter, as the step of a route names it
  /// @param filters by the names that the log has for them
  public ServerChoice(String step, Map<String, F> filters, Terms terms) {
    if (filters.isEmpty()) {
      throw new IllegalArgumentException("a filter has at least one server");
    }
    this.terms = terms;
    Clock zoned = terms.clock().withZone(ZoneOffset.UTC);
    this.servers =
        filters.entrySet().stream()
            .map(
                each ->
                    new FilterServer<>(step, each.getKey(), each.getValue(), terms.trial(), zoned))
            .toList();
  }

  /// Asks one, and another if that is not well and has failed at once.
  ///
  /// @param patient whether a trial is waited for
  /// @param failure why an answer is none; absent if it is one
  /// @param resting the answer while none may be asked
  public <A> A ask(
      boolean patient,
      Function<F, A> question,
      Function<A, Optional<Judgement.NoAnswer>> failure,
      Function<Judgement.NoAnswer, A> resting) {
    var tried = new ArrayList<FilterServer<F>>();
    long start = ticks();
    Optional<A> failed = Optional.empty();
    while (failed.isEmpty() || isPrompt(start)) {
      Optional<FilterServer<F>> server = next(patient, tried);
      if (server.isEmpty()) {
        break;
      }
      tried.add(server.get());
      A answer = ask(server.get(), question, failure);
      if (failure
          .apply(answer)
          .filter(none -> none.cause() == Judgement.NoAnswer.Cause.SERVER)
          .isEmpty()) {
        return answer;
      }
      failed = failed.isPresent() ? failed : Optional.of(answer);
    }
    return failed.orElseGet(() -> resting.apply(resting()));
  }

  private <A> A ask(
      FilterServer<F> server,
      Function<F, A> question,
      Function<A, Optional<Judgement.NoAnswer>> failure) {
    long start = ticks();
    server.begin();
    boolean told = false;
    try {
      A answer = question.apply(server.filter());
      told = true;
      long took = ticks() - start;
      server.took(took);
      failure
          .apply(answer)
          .filter(none -> none.cause() != Judgement.NoAnswer.Cause.MESSAGE)
          .ifPresentOrElse(none -> server.failed(none.why(), took), () -> server.answered(took));
      return answer;
    } finally {
      server.end();
      if (!told) {
        // a fault of ours says nothing of the server
        server.unasked();
      }
    }
  }

  /// Gives all of them up.
  public void close(Consumer<F> closing) {
    for (FilterServer<F> server : servers) {
      closing.accept(server.filter());
      server.close();
    }
  }

  List<FilterServer<F>> servers() {
    return servers;
  }

  /// Those that are left alone may be tried again at once.
  public void revive() {
    servers.forEach(FilterServer::revive);
  }

  /// The one to be asked now, which may be; absent if none may.
  ///
  /// @param patient whether a trial is waited for
  /// @param without these
  Optional<FilterServer<F>> next(boolean patient, Collection<FilterServer<F>> without) {
    var left = new ArrayList<>(servers);
    left.removeAll(without);
    while (!left.isEmpty()) {
      FilterServer<F> server = better(left);
      if (server.tryAsking()) {
        return Optional.of(server);
      }
      left.remove(server);
    }
    return patient
        ? servers.stream()
            .filter(server -> !without.contains(server) && server.tryAsking(PATIENCE))
            .findFirst()
        : Optional.empty();
  }

  private FilterServer<F> better(List<FilterServer<F>> left) {
    FilterServer<F> one = left.get(terms.random().nextInt(left.size()));
    FilterServer<F> other = left.get(terms.random().nextInt(left.size()));
    Instant now = terms.clock().instant();
    return one.burden(now) <= other.burden(now) ? one : other;
  }

  long ticks() {
    return terms.ticks().getAsLong();
  }

  /// Whether there is still time to ask another server.
  ///
  /// @param start when the first was asked, by {@link #ticks}
  boolean isPrompt(long start) {
    return ticks() - start < terms.prompt().toNanos();
  }

  /// What there is instead of an answer while no server is asked.
  Judgement.NoAnswer resting() {
    return new Judgement.NoAnswer(
        String.join(", ", servers.stream().map(FilterServer::name).toList())
            + ": not asked, since it has failed again and again; asked again within "
            + FilterServer.REST.toSeconds()
            + "s");
  }
}
