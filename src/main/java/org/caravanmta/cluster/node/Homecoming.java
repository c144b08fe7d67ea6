package org.caravanmta.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.Taken;
import org.caravanmta.queue.copies.NotesOffice;
import org.caravanmta.queue.copies.TakenOver;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Picked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does before it takes anything from its queues: what others have taken over of its
/// mail while it was away is theirs now, and is removed here.
final class Homecoming {
  private static final Logger LOG = LoggerFactory.getLogger(Homecoming.class);

  /// How long another node may take to say it.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String node;
  private final EmbeddedBroker broker;
  private final LockService locks;
  private final Neighbours neighbours;
  private final ContentClaims claims;

  Homecoming(
      String node,
      EmbeddedBroker broker,
      LockService locks,
      Neighbours neighbours,
      ContentClaims claims) {
    this.node = node;
    this.broker = broker;
    this.locks = locks;
    this.neighbours = neighbours;
    this.claims = claims;
  }

  /// Asks all others, and removes what is theirs.
  ///
  /// @param taken what the lock service says of our journal
  /// @param again run, and nothing removed, if there is something to remove: where stages have
  ///   begun to read, they may hold what was to be removed. Absent before they have
  /// @return absent when that is done, else what is missing, in words
  Optional<String> attempt(Optional<Taken> taken, Optional<Runnable> again)
      throws IOException, LocksUnavailable, InterruptedException {
    var links = new ArrayList<NodeLink>();
    // before it is asked: whoever has it now says so then
    boolean gone = taken.isPresent() && Takers.areGone(locks, node);
    try {
      var notes = new ArrayList<TakenOver>();
      boolean takerSaid = false;
      for (Member other : neighbours.others()) {
        NodeLink link = neighbours.open(other, NotesOffice.NOTES);
        links.add(link);
        link.setPatience(PATIENCE);
        notes.addAll(NotesOffice.ask(link));
        takerSaid |= taken.isPresent() && taken.get().by().equals(other.name());
      }
      if (taken.isPresent() && !isAll(taken.get(), takerSaid, count(notes))) {
        if (!gone) {
          return Optional.of(
              "%s has taken over our mail; not all who know what of it are there"
                  .formatted(taken.get().by()));
        }
        LOG.error(
            "cluster: the disk is lost of {}, which had taken over our mail, and nobody has all of"
                + " it: what is here is begun, and may be delivered again",
            taken.get().by());
      }
      Map<String, Picked> theirs = theirs(notes);
      if (again.isPresent() && !theirs.isEmpty()) {
        LOG.warn("cluster: {} begins again, without that", node);
        again.get().run();
        return Optional.of("this server begins again without what others have taken over");
      }
      remove(theirs);
      // only then may the others forget it: until then it can be asked once more
      locks.values().remove(Keys.taken(node));
      locks.values().remove(Keys.takers(node));
      locks.forget(node);
      for (NodeLink link : links) {
        NotesOffice.settle(link);
      }
      return Optional.empty();
    } finally {
      links.forEach(NodeLink::close);
    }
  }

  /// Of earlier journals of ours, too: a disk may have been lost.
  private static long count(List<TakenOver> notes) {
    return notes.stream().mapToLong(note -> note.numbers().size()).sum();
  }

  /// Whether all was said. Of one who has not come to the end it is not known how much that is; he
  /// has said it himself.
  private boolean isAll(Taken taken, boolean takerSaid, long said)
      throws LocksUnavailable, InterruptedException {
    Optional<Long> expected = locks.values().get(Keys.taken(node)).map(Long::parseLong);
    return (takerSaid || taken.complete()) && said >= expected.orElse(0L);
  }

  /// What is here of what others have taken over, by queue.
  private Map<String, Picked> theirs(List<TakenOver> notes) throws IOException {
    String journal = broker.journal();
    Set<Long> numbers = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (TakenOver note : notes) {
      if (note.source().equals(journal)) {
        numbers.addAll(note.numbers());
        ids.addAll(note.ids());
      }
    }
    Map<String, Picked> theirs = new HashMap<>();
    if (numbers.isEmpty()) {
      return theirs;
    }
    broker.each(
        one -> {
          if (numbers.contains(one.number()) || one.id().filter(ids::contains).isPresent()) {
            theirs
                .computeIfAbsent(one.frame().get().queue(), _ -> new Picked())
                .add(one.number(), new Picked.Item(one.id(), one.content(), 0));
          }
        });
    LOG.warn("cluster: {} messages of ours were taken over by other nodes", numbers.size());
    return theirs;
  }

  /// @throws IOException if not all of it could be: then nobody may forget who has it
  private void remove(Map<String, Picked> theirs) throws IOException {
    long removed = 0;
    long left = 0;
    try (var desk = broker.desk()) {
      for (var queue : theirs.entrySet()) {
        Picked picked = queue.getValue();
        Map<Long, Picked.Item> all = picked.all();
        removed += desk.remove(queue.getKey(), picked);
        for (var one : all.entrySet()) {
          if (picked.contains(one.getKey())) {
            left++;
          } else {
            one.getValue().content().ifPresent(claims::release);
          }
        }
      }
    } catch (Exception e) {
      throw new IOException("what others have taken over cannot be removed: " + e, e);
    }
    if (!theirs.isEmpty()) {
      LOG.warn("cluster: {} of them that were here are removed", removed);
    }
    if (left > 0) {
      throw new IOException(left + " messages that others have taken over cannot be removed");
    }
  }
}
