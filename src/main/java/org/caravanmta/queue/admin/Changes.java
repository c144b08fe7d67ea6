package org.caravanmta.queue.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.queue.selector.Truth;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Lanes;
import org.caravanmta.queue.spi.Picked;
import org.caravanmta.queue.spi.Received;
import org.caravanmta.queue.spi.SeenMessage;

/// One order of the operator's, carried out while mail flows: each queue is looked through, what is
/// meant is picked, and the picked are changed, as long as no stage has taken them; a limited
/// number at a time, however many there are.
final class Changes {
  /// Messages picked at a time.
  private static final int ROUND = 50_000;

  private final Broker broker;
  private final Codecs codecs;
  private final Lanes lanes;
  private final ContentClaims claims;
  private final Order order;
  private final Workbench workbench;

  /// What was picked and not done, by its number.
  private final Map<Long, Touched> missed = new HashMap<>();

  /// What stages had taken when the queue was looked at, by its number.
  private final Map<Long, QueueEntry> taken = new LinkedHashMap<>();

  private final Set<Long> refused = new HashSet<>();

  /// The ids of what is done.
  private final Set<String> ids = new HashSet<>();

  private final Object turn;
  private Consumer<Touched> told;

  /// @param turn held by whoever has the lanes put aside
  Changes(
      Broker broker,
      Codecs codecs,
      Lanes lanes,
      ContentClaims claims,
      Object turn,
      Order order,
      Consumer<Touched> told) {
    this.broker = broker;
    this.codecs = codecs;
    this.lanes = lanes;
    this.claims = claims;
    this.turn = turn;
    this.order = order;
    this.told = told;
    this.workbench = new Workbench(broker);
  }

  /// @param queues those that the deed fits; before others, those to which it moves messages
  void run(List<String> queues) throws Exception {
    try (Desk desk = broker.desk()) {
      var there = new ArrayList<String>();
      for (String queue : queues) {
        if (desk.exists(queue)) {
          there.add(queue);
          // what is taken later may be what this verb has moved
          taken(queue, desk).forEach(entry -> taken.put(entry.number(), entry));
          on(queue, desk);
          if (Queues.isDeferred(queue) && !order.dry()) {
            takenSince(queue, desk);
          }
        }
      }
      List<String> held =
          there.stream()
              .filter(Queues::isDeferred)
              .filter(queue -> taken.values().stream().anyMatch(e -> e.queue().equals(queue)))
              .toList();
      if (!held.isEmpty() && !order.dry()) {
        aside(held, desk);
      }
    }
    for (QueueEntry entry : taken.values()) {
      missed.remove(entry.number());
      // the reader of a lane would put it back
      boolean waits = order.dry() && !entry.active();
      told.accept(touched(entry, waits ? Touched.Outcome.WOULD : Touched.Outcome.TAKEN));
    }
    missed.values().forEach(told);
  }

  /// Once more while the readers of the lanes have put back what they held. What is told waits, so
  /// that lanes do not wait for whoever hears it. One operator at a time: another's end would give
  /// the readers their messages again.
  private void aside(List<String> held, Desk desk) throws Exception {
    var later = new ArrayList<Touched>();
    Consumer<Touched> now = told;
    told = later::add;
    try {
      synchronized (turn) {
        lanes.aside(
            () -> {
              for (String queue : held) {
                on(queue, desk);
              }
              return null;
            });
      }
    } finally {
      told = now;
    }
    later.forEach(now);
  }

  /// Notes what the reader of a lane took between the look at what is taken and that at the queue:
  /// it would be in neither. What has come to the lane since is not meant.
  private void takenSince(String queue, Desk desk) throws Exception {
    for (QueueEntry entry : taken(queue, desk)) {
      if (entry.queued().filter(at -> !at.isAfter(order.now())).isPresent()) {
        taken.put(entry.number(), entry);
      }
    }
  }

  private void on(String queue, Desk desk) throws Exception {
    long left = desk.count(queue);
    while (left > 0) {
      var picked = new Picked();
      pick(queue, desk, Math.min(left, order.dry() ? Long.MAX_VALUE : ROUND), picked);
      Map<Long, Picked.Item> all = picked.all();
      if (all.isEmpty()) {
        break;
      }
      long done = change(queue, desk, picked, all);
      all.forEach((number, item) -> tell(queue, number, item, !picked.contains(number)));
      left -= all.size();
      if (done == 0 || all.size() < ROUND) {
        break;
      }
    }
  }

  private void tell(String queue, long number, Picked.Item item, boolean done) {
    if (done) {
      missed.remove(number);
      taken.remove(number);
      item.id().ifPresent(ids::add);
      told.accept(new Touched(queue, item.id(), item.recipients(), Touched.Outcome.DONE));
    } else {
      missed.put(number, new Touched(queue, item.id(), item.recipients(), Touched.Outcome.GONE));
    }
  }

  private void pick(String queue, Desk desk, long most, Picked picked) throws Exception {
    desk.browse(
        queue,
        seen -> {
          QueueEntry entry = QueueEntry.of(queue, false, seen, codecs);
          if (judge(entry) == Truth.YES && !refuses(entry)) {
            if (order.dry()) {
              told.accept(touched(entry, Touched.Outcome.WOULD));
            } else {
              picked.add(
                  seen.number(),
                  new Picked.Item(entry.id(), entry.content(), entry.recipients().size()));
            }
          }
          return picked.size() < most;
        });
  }

  private long change(String queue, Desk desk, Picked picked, Map<Long, Picked.Item> all)
      throws Exception {
    return switch (order.deed()) {
      case HOLD, FLUSH, BOUNCE, REQUEUE ->
          desk.move(queue, picked, order.deed().target(queue, lanes));
      case DELETE -> {
        long removed = desk.remove(queue, picked);
        all.forEach(
            (number, item) -> {
              if (!picked.contains(number)) {
                item.content().ifPresent(claims::release);
              }
            });
        yield removed;
      }
      case RELEASE -> {
        if (queue.equals(Queues.HOLD)) {
          yield desk.move(queue, picked, order.deed().target(queue));
        }
        if (Queues.isQuarantine(queue)) {
          yield workbench.change(
              desk, queue, picked, received -> List.of(released(received, queue)));
        }
        var revival = new Revival(codecs);
        yield workbench.change(
            desk,
            queue,
            picked,
            received ->
                List.of(
                    revival.of(received.bytes()) instanceof Drained.Sent(var frame)
                        ? frame
                        : received.on(queue)));
      }
      case REROUTE -> {
        var rerouting =
            new Rerouting(
                codecs, NamedTransport.parse(order.argument(), ""), order.deed().target(queue));
        yield workbench.change(desk, queue, picked, received -> List.of(rerouting.of(received)));
      }
    };
  }

  /// As it goes on from the quarantine: to routing, as it is.
  private Frame released(Received received, String queue) {
    try {
      if (codecs.decode(received.bytes()) instanceof Mail mail) {
        var envelope = mail.envelope();
        return Frame.of(
            new Task(Queues.ROUTING, mail.with(envelope.released(order.now()))), codecs, true);
      }
    } catch (Malformed e) {
      // what cannot be read is not released
    }
    return received.on(queue);
  }

  private Truth judge(QueueEntry entry) {
    // what is not mail has no id: a question to a stage, or what is dead
    boolean mail = entry.id().isPresent();
    return mail && !isOurs(entry)
        ? order.selector().of(new JudgedEntry(entry, codecs, order.now()))
        : Truth.NO;
  }

  /// Whether it is what this order has made of a message, met again on its way through later
  /// queues.
  private boolean isOurs(QueueEntry entry) {
    return switch (order.deed()) {
      case REQUEUE -> entry.arrived().filter(at -> at.isAfter(order.now())).isPresent();
      case REROUTE ->
          entry.id().filter(ids::contains).isPresent()
              && entry
                  .glance()
                  .flatMap(seen -> seen.envelope().filter())
                  .flatMap(NamedTransport::instead)
                  .filter(NamedTransport.parse(order.argument(), "")::equals)
                  .isPresent();
      case FLUSH -> order.deed().isUnderWay(entry, lanes);
      case HOLD, RELEASE, DELETE, BOUNCE -> false;
    };
  }

  /// Mail is not sent round its content filter, and what cannot be read is not made anew.
  private boolean refuses(QueueEntry entry) {
    boolean refuses =
        switch (order.deed()) {
          case REROUTE -> entry.glance().isEmpty() || isBeforeItsFilter(entry);
          case RELEASE -> !entry.queue().equals(Queues.HOLD) && entry.glance().isEmpty();
          case HOLD, FLUSH, DELETE, BOUNCE, REQUEUE -> false;
        };
    if (refuses && refused.add(entry.number())) {
      told.accept(touched(entry, Touched.Outcome.REFUSED));
    }
    return refuses;
  }

  private static boolean isBeforeItsFilter(QueueEntry entry) {
    return entry
        .glance()
        .flatMap(seen -> seen.envelope().filter())
        .filter(filter -> filter.instead().isEmpty())
        .isPresent();
  }

  /// What stages have taken of what is meant, or may be.
  private List<QueueEntry> taken(String queue, Desk desk) throws Exception {
    var taken = new ArrayList<QueueEntry>();
    for (SeenMessage seen : desk.taken(queue)) {
      QueueEntry entry = QueueEntry.of(queue, true, seen, codecs);
      if (judge(entry) != Truth.NO) {
        taken.add(entry);
      }
    }
    return taken;
  }

  private static Touched touched(QueueEntry entry, Touched.Outcome outcome) {
    return new Touched(entry.queue(), entry.id(), entry.recipients().size(), outcome);
  }
}
