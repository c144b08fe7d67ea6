package org.caravanmta.queue.copies;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.SeenMessage;
import org.caravanmta.queue.spi.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the copies of another node's mail on our own queues: each batch, and the note of what was
/// in it, in one transaction, so that it can be begun again after any end.
public final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final Broker broker;
  private final ContentStore store;
  private final Collection<String> known;
  private final Map<String, Duration> lanes;
  private final Listener listener;
  private final InstantSource clock;

  /// Is told of what is on our queues now.
  public interface Listener {
    /// @param ids of mail that is in the quarantine
    void quarantined(String from, Set<String> ids);
  }

  /// @param known the queues of our own routes
  /// @param lanes how long mail waits in each
  public Adoption(
      Broker broker,
      ContentStore store,
      Collection<String> known,
      Map<String, Duration> lanes,
      Listener listener,
      InstantSource clock) {
    this.broker = broker;
    this.store = store;
    this.known = known;
    this.lanes = lanes;
    this.listener = listener;
    this.clock = clock;
  }

  /// Takes over what `keeper` has of a journal.
  ///
  /// @return how many messages are on our queues for it, those included of an earlier attempt
  public long takeOver(CopyKeeper keeper, Kept kept) throws IOException {
    Set<Long> done = done(kept.node(), kept.source());
    Optional<Mirror> mirror = keeper.find(kept);
    var count = new AtomicLong(done.size());
    if (mirror.isPresent()) {
      mirror
          .get()
          .pass(
              copies -> {
                List<Copy> left =
                    copies.stream().filter(one -> !done.contains(one.number())).toList();
                if (!left.isEmpty()) {
                  put(kept.node(), mirror.get(), left);
                  count.addAndGet(left.size());
                }
              });
      keeper.remove(mirror.get());
    }
    return count.get();
  }

  private Set<Long> done(String node, String source) throws IOException {
    var done = new HashSet<Long>();
    for (TakenOver one : notes(broker, node)) {
      if (one.source().equals(source)) {
        done.addAll(one.numbers());
      }
    }
    return done;
  }

  /// What is noted here of mail of a node.
  public static List<TakenOver> notes(Broker broker, String node) throws IOException {
    var notes = new ArrayList<TakenOver>();
    for (SeenMessage one : seen(broker, TakenOver.queue(node))) {
      notes.add(TakenOver.read(one.bytes().orElseThrow()));
    }
    return notes;
  }

  static List<SeenMessage> seen(Broker broker, String queue) throws IOException {
    var seen = new ArrayList<SeenMessage>();
    try (var desk = broker.desk()) {
      if (desk.exists(queue)) {
        desk.browse(queue, seen::add);
      }
      return seen;
    } catch (Exception e) {
      throw new IOException("the queue " + queue + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void put(String node, Mirror mirror, List<Copy> copies) throws IOException {
    for (Copy copy : copies) {
      Optional<String> ref = copy.content();
      if (ref.isPresent() && !store.adopt(mirror.contents(), ref.get())) {
        LOG.error("cluster: the content {} of {}'s mail is missing", ref.get(), node);
      }
    }
    try (Link link = broker.settling()) {
      link.ensure(topology(TakenOver.queue(node)));
      for (Copy copy : copies) {
        Frame frame = here(copy.frame());
        link.ensure(topology(frame.queue()));
        link.send(frame);
      }
      link.send(TakenOver.of(mirror.source, copies).frame(node));
      link.commit();
    } catch (ActiveMQException e) {
      throw new IOException("mail of " + node + " cannot be put on our queues: " + e, e);
    }
    Set<String> quarantined =
        copies.stream()
            .filter(copy -> Queues.isQuarantine(copy.frame().queue()))
            .flatMap(copy -> copy.id().stream())
            .collect(Collectors.toSet());
    if (!quarantined.isEmpty()) {
      listener.quarantined(node, quarantined);
    }
  }

  private static Topology topology(String queue) {
    var topology = new Topology(_ -> {});
    topology.add(List.of(queue));
    return topology;
  }

  /// A message as it is put on our queues. What waits, waits no longer than it would have: in the
  /// longest lane that is short enough, or not at all.
  private Frame here(Frame frame) {
    if (Queues.isDeferred(frame.queue())) {
      long due = frame.properties().get(Frame.DUE) instanceof Long at ? at : 0;
      Duration left = Duration.ofMillis(due - clock.millis());
      return lanes.entrySet().stream()
          .filter(lane -> lane.getValue().compareTo(left) <= 0)
          .max(Map.Entry.comparingByValue())
          .map(lane -> on(frame, lane.getKey(), clock.millis() + lane.getValue().toMillis()))
          .orElseGet(() -> on(frame, Queues.ROUTING, due));
    }
    boolean read = known.contains(frame.queue());
    if (!read && (Queues.isDelivery(frame.queue()) || Queues.isWaiting(frame.queue()))) {
      // a transport that is not here
      return on(frame, Queues.ROUTING, 0);
    }
    return frame;
  }

  private static Frame on(Frame frame, String queue, long due) {
    var properties = new HashMap<>(frame.properties());
    properties.put(Frame.DUE, due);
    return new Frame(queue, frame.bytes(), Map.copyOf(properties), true);
  }
}
