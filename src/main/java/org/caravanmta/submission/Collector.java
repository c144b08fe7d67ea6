package org.caravanmta.submission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Collects what waits in the maildrop (postfix `pickup(8)`): puts one message after the other to
/// the route, and removes the file when the queues have it. For one thread.
public final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  /// How long a message stays that could not be taken.
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /// How long after its last change a file may not be whole yet: one that is put back by hand is
  /// seen while it is copied.
  private static final Duration UNFINISHED = Duration.ofSeconds(1);

  private final Maildrop maildrop;
  private final Posts posts;
  private final ContentStore store;
  private final InstantSource clock;
  private final Map<Path, Instant> later = new HashMap<>();
  private final Map<Path, String> why = new ConcurrentHashMap<>();
  private final Set<Path> queued = new HashSet<>();

  public Collector(Maildrop maildrop, Posts posts, ContentStore store, InstantSource clock) {
    this.maildrop = maildrop;
    this.posts = posts;
    this.store = store;
    this.clock = clock;
  }

  /// A file in the directory, for the operator.
  ///
  /// @param aside whether it is not a message of ours, and nobody will collect it
  /// @param sender as the envelope says, or who owns the file
  /// @param why it has not been collected, empty when it has not been tried
  public record Waiting(
      String name, boolean aside, Instant since, long size, String sender, String why) {}

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
    List<Path> waiting = maildrop.waiting();
    later.keySet().retainAll(waiting);
    why.keySet().retainAll(waiting);
    queued.retainAll(waiting);
    int taken = 0;
    for (Path file : waiting) {
      if (end.getAsBoolean()) {
        break;
      }
      if (!clock.instant().isBefore(later.getOrDefault(file, Instant.MIN))
          && (queued.contains(file) ? removed(file) : collected(file, route))) {
        taken++;
      }
    }
    return taken;
  }

  /// What lies in the directory and is not collected, as far as that is known, and what is set
  /// aside. For any thread.
  public List<Waiting> waiting() throws IOException {
    var all = new ArrayList<Waiting>();
    for (Path file : maildrop.waiting()) {
      add(all, file, false, why.getOrDefault(file, ""));
    }
    for (Path file : maildrop.setAside()) {
      add(all, file, true, "is not a message of ours");
    }
    return all;
  }

  private static void add(List<Waiting> all, Path file, boolean aside, String why)
      throws IOException {
    try {
      var is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      all.add(
          new Waiting(
              Printable.text(file.getFileName().toString()),
              aside,
              is.lastModifiedTime().toInstant(),
              is.size(),
              Dropped.envelope(file)
                  .map(posting -> Printable.text(posting.sender()))
                  .orElse("uid " + uid),
              why));
    } catch (NoSuchFileException e) {
      // it has been collected meanwhile
    }
  }

  private boolean collected(Path file, Route route) {
    try (Dropped dropped = Dropped.open(file, posts.sizeLimit())) {
      Case.Message message = posts.take(dropped);
      if (!(route.pass(message) instanceof Settled settled)) {
        throw new IllegalStateException("the route does not settle what it is given");
      }
      if (settled.kept()) {
        queued.add(file);
        release(message, settled);
        return removed(file);
      }
      if (settled.done()) {
        throw new IllegalStateException(
            "the route has no step for " + settled.all().stream().map(Task::queue).toList());
      }
      release(message, settled);
      stays(file, settled.why());
    } catch (NoSuchFileException e) {
      // the operator has removed it
    } catch (Dropped.Corrupt e) {
      if (unfinished(file)) {
        later.put(file, clock.instant().plus(UNFINISHED));
      } else {
        setAside(file, e);
      }
    } catch (Exception e) {
      // its content stays: a queue may have it for all we know
      if (stays(file, Printable.text(e.toString()))) {
        LOG.error("{} stays in the maildrop: {}", name(file), Printable.text(e.toString()), e);
      }
    }
    return false;
  }

  /// A file whose message the queues have is never collected again, even if it cannot be removed.
  private boolean removed(Path file) {
    try {
      maildrop.remove(file);
      queued.remove(file);
      return true;
    } catch (IOException e) {
      if (stays(file, "is in the queues, and cannot be removed: " + Printable.text(e.toString()))) {
        LOG.error(
            "{} is in the queues, and cannot be removed from the maildrop: {}",
            name(file),
            Printable.text(e.toString()));
      }
      return false;
    }
  }

  /// By the time that nobody can set.
  private boolean unfinished(Path file) {
    try {
      var changed = (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
      return Duration.between(changed.toInstant(), clock.instant()).abs().compareTo(UNFINISHED) < 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void setAside(Path file, Dropped.Corrupt corrupt) {
    String said = Printable.text(String.valueOf(corrupt.getMessage()));
    try {
      Path aside = maildrop.setAside(file);
      LOG.error("{} {}: set aside as {}", name(file), said, Printable.text(aside.toString()));
    } catch (IOException e) {
      if (stays(file, said)) {
        LOG.error(
            "{} {}, and cannot be set aside: {}", name(file), said, Printable.text(e.toString()));
      }
    }
  }

  /// Lets it be for a while.
  ///
  /// @return whether that is the first time
  private boolean stays(Path file, String reason) {
    later.put(file, clock.instant().plus(PAUSE));
    return why.put(file, reason) == null;
  }

  private static String name(Path file) {
    return Printable.text(file.getFileName().toString());
  }

  /// Gives up a large body that no queue refers to.
  private void release(Case.Message message, Settled settled) {
    if (!settled.carriesContent()
        && message.mail().content() instanceof Content.Stored(String ref, _, _)) {
      try {
        store.release(ref);
      } catch (IOException e) {
        LOG.warn("stored content {} stays until the next start: {}", ref, e.toString());
      }
    }
  }
}
