package org.caravanmta.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table whose entries another program has, such as a database or a lookup server. Its answers
/// are remembered for a few seconds, so that a message with many recipients asks once. That it
/// could not be asked is remembered for one second, so that not every session waits for the same
/// dead server.
final class RemoteTable implements Table {
  /// How long an answer is remembered: long enough for one message, and short enough that an
  /// operator who changes an entry need not wait.
  static final Duration FRESH = Duration.ofSeconds(5);

  /// How long a server that did not answer is left alone.
  static final Duration PAUSE = Duration.ofSeconds(1);

  /// Answers that are remembered; the bound is for memory.
  private static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(RemoteTable.class);

  private final String name;
  private final boolean patterns;
  private final Asking server;
  private final InstantSource clock;
  private final Cache<String, Lookup> answers;
  private final AtomicReference<Outage> outage =
      new AtomicReference<>(new Outage(Instant.MIN, new Lookup.Unavailable("")));

  /// Puts a question to the server. It blocks, until an answer or a time-out.
  @FunctionalInterface
  interface Asking {
    Lookup ask(String key) throws Exception;
  }

  /// The server was reached, but did not answer this question; it may answer the next.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String what) {
      super(what);
    }
  }

  /// A time in which the server is not asked, and the answer meanwhile.
  private record Outage(Instant until, Lookup.Unavailable answer) {}

  /// @param patterns whether only whole keys are looked up, see {@link Table#patterns}
  RemoteTable(String name, boolean patterns, Asking server, InstantSource clock) {
    this.name = name;
    this.patterns = patterns;
    this.server = server;
    this.clock = clock;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(FRESH)
            .ticker(() -> nanos(clock.instant()))
            .build();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Lookup find(String key) {
    Lookup known = answers.getIfPresent(key);
    if (known != null) {
      return known;
    }
    Outage last = outage.get();
    return clock.instant().isBefore(last.until()) ? last.answer() : asked(key);
  }

  private Lookup asked(String key) {
    try {
      Lookup answer = server.ask(key);
      if (!(answer instanceof Lookup.Unavailable)) {
        answers.put(key, answer);
      }
      return answer;
    } catch (Refused e) {
      return unavailable(e);
    } catch (Exception e) {
      Lookup.Unavailable answer = unavailable(e);
      outage.set(new Outage(clock.instant().plus(PAUSE), answer));
      return answer;
    }
  }

  private Lookup.Unavailable unavailable(Exception e) {
    String why = e.getMessage() == null ? e.toString() : e.getMessage().replaceAll("\\s+", " ");
    LOG.warn("{} cannot be asked: {}", name, why);
    return new Lookup.Unavailable(name + " cannot be asked: " + why);
  }

  @Override
  public boolean patterns() {
    return patterns;
  }

  @Override
  public String toString() {
    return name;
  }

  private static long nanos(Instant now) {
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
