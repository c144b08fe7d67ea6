package org.caravanmta.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// The answers that still hold, each whole: with its aliases, and as secure as it was (RFC 4035
/// §4.5).
final class KnownAnswers {
  /// Answers are small: with this many, some tens of megabytes.
  private static final int MOST = 50_000;

  private record Key(Name name, int type) {}

  private record Held(Answer answer, long until) {}

  private final Cache<Key, Held> held = Caffeine.newBuilder().maximumSize(MOST).build();
  private final LongSupplier nanos;

  /// @param nanos a clock as {@link System#nanoTime}
  KnownAnswers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// The answer, if it is known and holds.
  Optional<Answer> of(Name name, int type) {
    return one(new Key(name, type)).or(() -> one(new Key(name, Type.ANY)));
  }

  void keep(Name name, int type, Answer answer) {
    if (answer.seconds() > 0) {
      long until = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(answer.seconds());
      // what has no name has no record of any type (RFC 2308 §5)
      held.put(new Key(name, answer.noName() ? Type.ANY : type), new Held(answer, until));
    }
  }

  void clear() {
    held.invalidateAll();
  }

  private Optional<Answer> one(Key key) {
    Held known = held.getIfPresent(key);
    return known != null && known.until() - nanos.getAsLong() > 0
        ? Optional.of(known.answer())
        : Optional.empty();
  }
}
