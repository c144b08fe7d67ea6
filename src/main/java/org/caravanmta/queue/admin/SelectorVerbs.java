package org.caravanmta.queue.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import org.caravanmta.event.Events;
import org.caravanmta.event.OperatorEvent;
import org.caravanmta.queue.selector.SelectorReader;

/// The operator's verbs on the messages that a selector means, as the control channel names them:
/// `queue.find`, `queue.count`, `queue.shape` and `queue.change`.
public final class SelectorVerbs {
  private SelectorVerbs() {}

  /// @param revive has destinations that could not be reached tried again with what is flushed
  /// @param transports throws an `IllegalArgumentException` if there is no such `transport:nexthop`
  public static Map<String, ControlVerb> of(
      QueueAdmin admin, Runnable revive, Consumer<String> transports, InstantSource clock) {
    return Map.of(
        VerbName.QUEUE_FIND,
        (args, rows) ->
            each(
                use ->
                    admin.find(
                        SelectorReader.read(args.getFirst()),
                        clock.instant(),
                        entry -> use.accept(QueuedMessage.of(entry).fields())),
                rows),
        VerbName.QUEUE_COUNT,
        (args, rows) -> {
          var counts = new TreeMap<String, QueueCount>();
          admin.find(
              SelectorReader.read(args.getFirst()),
              clock.instant(),
              entry ->
                  counts.merge(
                      entry.queue(),
                      new QueueCount(entry.queue(), 0, 0, 0).and(entry),
                      (before, _) -> before.and(entry)));
          for (QueueCount count : counts.values()) {
            rows.add(count.fields());
          }
        },
        VerbName.QUEUE_SHAPE,
        (args, rows) -> {
          ShapeQuestion question = ShapeQuestion.of(args);
          Instant now = clock.instant();
          var shape = new QueueShape(question, now);
          admin.find(question.selector(), now, shape::add);
          for (ShapeRow row : shape.rows()) {
            rows.add(row.fields());
          }
        },
        VerbName.QUEUE_CHANGE,
        (args, rows) -> {
          if (args.size() != 4) {
            throw new IllegalArgumentException("a verb, its argument, dry or not, a selector");
          }
          var order =
              new Order(
                  Deed.named(args.getFirst()),
                  args.get(1),
                  SelectorReader.read(args.get(3)),
                  Boolean.parseBoolean(args.get(2)),
                  clock.instant());
          if (order.deed() == Deed.REROUTE) {
            transports.accept(order.argument());
          }
          if (order.deed() == Deed.FLUSH && !order.dry()) {
            revive.run();
          }
          change(admin, order, rows);
        });
  }

  private static void change(QueueAdmin admin, Order order, Rows rows) throws Exception {
    var done = new AtomicLong();
    var left = new AtomicLong();
    try {
      each(
          use ->
              admin.change(
                  order,
                  touched -> {
                    switch (touched.outcome()) {
                      case DONE -> {
                        done.incrementAndGet();
                        touched
                            .id()
                            .ifPresent(id -> Events.tell(told(order.deed(), Optional.of(id), 1)));
                      }
                      case TAKEN, GONE, REFUSED -> left.incrementAndGet();
                      case WOULD -> {}
                    }
                    use.accept(touched.fields());
                  }),
          rows);
    } finally {
      if (done.get() > 0) {
        Events.tell(told(order.deed(), Optional.empty(), done.get()));
      }
    }
    if (left.get() > 0) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static OperatorEvent told(Deed deed, Optional<String> id, long messages) {
    return switch (deed) {
      case HOLD -> new OperatorEvent.Held(id, messages);
      case RELEASE -> new OperatorEvent.Released(id, messages);
      case FLUSH -> new OperatorEvent.Flushed(id, messages);
      case DELETE -> new OperatorEvent.Deleted(id, messages);
      case BOUNCE -> new OperatorEvent.Expired(id, messages);
      case REQUEUE -> new OperatorEvent.Requeued(id, messages);
      case REROUTE -> new OperatorEvent.Rerouted(id, messages);
    };
  }

  private interface Work {
    void with(Consumer<List<String>> use) throws Exception;
  }

  private static void each(Work work, Rows rows) throws Exception {
    try {
      work.with(
          row -> {
            try {
              rows.add(row);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
