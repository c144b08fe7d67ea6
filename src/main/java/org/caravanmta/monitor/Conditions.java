package org.caravanmta.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lasts and the operator has to see to, as a login that has expired: one line in the log when
/// it begins and one when it ends, a figure while it lasts, and a line at `/ready`. Mail is taken
/// all the same. Safe for use by several threads.
public final class Conditions {
  private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);
  private static final ConcurrentMap<String, Condition> PRESENT = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, AtomicBoolean> FIGURES = new ConcurrentHashMap<>();

  private Conditions() {}

  /// Something that is not as it should be.
  ///
  /// @param kind a word; a condition of another kind is said again, other words are not
  /// @param text for the operator
  public record Condition(String kind, String text) {}

  /// Tells how something is, as often as one likes.
  ///
  /// @param about what it is about, one of a few: `access token office365`
  /// @param condition absent if all is well
  public static void see(String about, Optional<Condition> condition) {
    Optional<Condition> before = show(about, condition);
    if (condition.isPresent()
        && !condition.map(Condition::kind).equals(before.map(Condition::kind))) {
      LOG.warn("{}: {}", about, condition.get().text());
    } else if (condition.isEmpty() && before.isPresent()) {
      LOG.info("{}: well again", about);
    }
  }

  /// Tells how something is, of which the log says so itself.
  ///
  /// @return how it was
  public static Optional<Condition> show(String about, Optional<Condition> condition) {
    figure(about).set(condition.isPresent());
    return Optional.ofNullable(
        condition.isPresent() ? PRESENT.put(about, condition.get()) : PRESENT.remove(about));
  }

  /// It is no longer watched, and not said to be well.
  public static void forget(String about) {
    PRESENT.remove(about);
    AtomicBoolean figure = FIGURES.get(about);
    if (figure != null) {
      figure.set(false);
    }
  }

  /// What there is now, a line each.
  public static List<String> lines() {
    Map<String, Condition> sorted = new TreeMap<>(PRESENT);
    return sorted.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue().text())
        .toList();
  }

  private static AtomicBoolean figure(String about) {
    return FIGURES.computeIfAbsent(
        about,
        _ -> {
          var present = new AtomicBoolean();
          Gauge.builder("caravan_condition", present, it -> it.get() ? 1 : 0)
              .description("1 while there is something that the operator has to see to")
              .tag("about", about)
              .register(Metrics.globalRegistry);
          return present;
        });
  }
}
