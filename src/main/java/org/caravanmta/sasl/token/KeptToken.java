package org.caravanmta.sasl.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.config.Secret;
import org.caravanmta.sasl.client.TokenSource;

/// The token of one account, which is fetched when there is none, and anew before it expires. One
/// thread fetches at a time; the others wait for what it gets.
final class KeptToken implements TokenSource {
  /// A token that expires sooner than this is not used: the login may take a while.
  private static final Duration MARGIN = Duration.ofSeconds(20);

  /// How long a token is used that does not say when it expires.
  private static final Duration UNSAID = Duration.ofMinutes(10);

  /// A token older than this that is refused may have been revoked; a younger one is refused for
  /// another reason, and a fresh one would be too.
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

  private final TokenLine line;
  private final TokenOrigin origin;
  private final Duration warning;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Optional<Held> held = Optional.empty();
  private volatile Optional<Failure> failure = Optional.empty();

  /// @param end when it is not used any more
  /// @param due when another is fetched
  private record Held(AccessToken token, String stamp, Instant since, Instant end, Instant due) {}

  /// @param count how many in a row
  private record Failure(String why, boolean lasting, String stamp, int count, Instant retry) {}

  /// @param warning how long before something expires that the operator has to renew it is told
  KeptToken(TokenLine line, TokenOrigin origin, Duration warning, InstantSource clock) {
    this.line = line;
    this.origin = origin;
    this.warning = warning;
    this.clock = clock;
  }

  @Override
  public String name() {
    return line.name();
  }

  @Override
  public Answer token() {
    Optional<Held> good = good();
    if (good.isEmpty()) {
      fetching.lock();
      try {
        good = good();
        if (good.isEmpty()) {
          fetch();
          good = good();
        }
      } finally {
        fetching.unlock();
      }
    }
    return good.<Answer>map(it -> new Answer.Good(it.token().text()))
        .orElseGet(() -> new Answer.None(failure.map(Failure::why).orElse("it has expired")));
  }

  @Override
  public void refused(Secret token) {
    held =
        held.filter(
            it ->
                !it.token().text().equals(token)
                    || it.since().plus(YOUNG).isAfter(clock.instant()));
  }

  /// Fetches another one if it is time to.
  void tend() {
    fetching.lock();
    try {
      origin.mend();
      if (good().filter(it -> it.due().isAfter(clock.instant())).isEmpty()) {
        fetch();
      }
    } finally {
      fetching.unlock();
    }
  }

  /// What the operator has to know; absent if all is well.
  Optional<TokenCondition> trouble() {
    Instant now = clock.instant();
    Optional<Failure> failed = failure;
    if (failed.isPresent()) {
      return Optional.of(
          new TokenCondition(
              good().isPresent() ? TokenCondition.Kind.NOT_REFRESHED : TokenCondition.Kind.ABSENT,
              failed.get().why()));
    }
    return origin
        .worry()
        .map(why -> new TokenCondition(TokenCondition.Kind.NOT_SAVED, why))
        .or(() -> ending(now));
  }

  @Override
  public String toString() {
    return name();
  }

  private Optional<TokenCondition> ending(Instant now) {
    Optional<Instant> end =
        line.expires().or(() -> held.flatMap(it -> it.token().refreshExpires()));
    return end.filter(it -> now.plus(warning).isAfter(it))
        .map(
            it ->
                new TokenCondition(TokenCondition.Kind.EXPIRES, "has to be renewed before " + it));
  }

  private Optional<Held> good() {
    Optional<Held> now = held;
    return now.filter(
        it ->
            it.end().isAfter(clock.instant()) && (!isFile() || it.stamp().equals(origin.stamp())));
  }

  private boolean isFile() {
    return origin instanceof TokenFile;
  }

  private void fetch() {
    Instant now = clock.instant();
    String stamp = origin.stamp();
    if (failure.filter(it -> now.isBefore(it.retry()) && it.stamp().equals(stamp)).isPresent()) {
      return;
    }
    try {
      AccessToken token = origin.fetch(now);
      Duration life = token.expires().map(end -> Duration.between(now, end)).orElse(UNSAID);
      Duration margin = MARGIN.compareTo(life.dividedBy(4)) < 0 ? MARGIN : life.dividedBy(4);
      held =
          Optional.of(
              new Held(
                  token,
                  origin.stamp(),
                  now,
                  now.plus(life).minus(margin),
                  now.plus(life.multipliedBy(3).dividedBy(4)).minus(margin)));
      failure = Optional.empty();
    } catch (TokenTrouble e) {
      int count = failure.map(Failure::count).orElse(0) + 1;
      Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 10));
      boolean longest = e.isLasting() || wait.compareTo(LONGEST_RETRY) > 0;
      failure =
          Optional.of(
              new Failure(
                  e.getMessage(),
                  e.isLasting(),
                  stamp,
                  count,
                  now.plus(longest ? LONGEST_RETRY : wait)));
    }
  }
}
