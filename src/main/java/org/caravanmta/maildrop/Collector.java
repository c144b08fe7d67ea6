package org.caravanmta.maildrop;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.server.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Collects what waits in the maildrop (postfix `pickup(8)`): puts one message after the other to
/// the route, and removes the file when the queues have it. For one thread.
public final class Collector {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  /// How long a message stays that could not be taken.
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Maildrop maildrop;
  private final Posts posts;
  private final ContentStore store;
  private final InstantSource clock;
  private final Map<String, Instant> later = new HashMap<>();
  private final Set<String> named = new HashSet<>();

  public Collector(Maildrop maildrop, Posts posts, ContentStore store, InstantSource clock) {
    this.maildrop = maildrop;
    this.posts = posts;
    this.store = store;
    this.clock = clock;
  }

  /// Puts a message to the route, and returns the body at its end.
  @FunctionalInterface
  public interface Route {
    Object pass(Case.Message message) throws Exception;
  }

  public Maildrop maildrop() {
    return maildrop;
  }

  /// Makes the directory where there is none, and removes what dead programs have begun in it.
  ///
  /// @throws IOException if it is not fit to hold mail
  public void open() throws IOException {
    maildrop.open();
    maildrop.sweep(clock.instant());
  }

  /// Goes through what waits now.
  ///
  /// @param end whether to leave the rest for another time
  /// @return how many messages the queues have taken
  public int collect(Route route, BooleanSupplier end) throws IOException {
    List<String> waiting = maildrop.waiting();
    later.keySet().retainAll(waiting);
    named.retainAll(waiting);
    int taken = 0;
    for (String name : waiting) {
      if (end.getAsBoolean()) {
        break;
      }
      if (!clock.instant().isBefore(later.getOrDefault(name, Instant.MIN))
          && collected(name, route)) {
        taken++;
      }
    }
    return taken;
  }

  private boolean collected(String name, Route route) {
    try (Dropped dropped = Dropped.open(maildrop.file(name))) {
      Case.Message message = posts.take(dropped);
      if (!(route.pass(message) instanceof Settled settled)) {
        throw new IllegalStateException("the route does not settle what it is given");
      }
      if (settled.kept()) {
        maildrop.remove(name);
        release(message, settled);
        return true;
      }
      if (settled.done()) {
        throw new IllegalStateException(
            "the route has no step for " + settled.all().stream().map(Task::queue).toList());
      }
      release(message, settled);
      later.put(name, clock.instant().plus(PAUSE));
    } catch (NoSuchFileException e) {
      // the operator has removed it
    } catch (Dropped.Corrupt e) {
      setAside(name, e);
    } catch (Exception e) {
      // its content stays: a queue may have it for all we know
      later.put(name, clock.instant().plus(PAUSE));
      if (named.add(name)) {
        log.error("{} stays in the maildrop: {}", name, Printable.text(e.toString()), e);
      }
    }
    return false;
  }

  private void setAside(String name, Dropped.Corrupt why) {
    try {
      log.error(
          "{} {}: set aside as {}",
          name,
          Printable.text(String.valueOf(why.getMessage())),
          maildrop.setAside(name));
    } catch (IOException e) {
      later.put(name, clock.instant().plus(PAUSE));
      if (named.add(name)) {
        log.error(
            "{} {}, and cannot be set aside: {}",
            name,
            Printable.text(String.valueOf(why.getMessage())),
            Printable.text(e.toString()));
      }
    }
  }

  /// Gives up a large body that no queue refers to.
  private void release(Case.Message message, Settled settled) {
    if (!settled.carriesContent()
        && message.mail().content() instanceof Content.Stored(String ref, _, _)) {
      try {
        store.release(ref);
      } catch (IOException e) {
        log.warn("stored content {} stays until the next start: {}", ref, e.toString());
      }
    }
  }
}
