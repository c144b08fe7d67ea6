package org.caravanmta.queue.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import org.caravanmta.event.Events;
import org.caravanmta.event.OperatorEvent;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.SelectorReader;

/// The operator's verbs on queues, as the control channel names them: `queue.list QUEUE`,
/// `queue.show ID` or a selector, `queue.flush ID…`, and `queue.delete`, `queue.hold`,
/// `queue.release` with `QUEUE ID…`. An empty QUEUE is any, an ID may be `ALL`.
public final class QueueVerbs {
  private QueueVerbs() {}

  /// @param unqueued what waits for its queue now
  /// @param revive has destinations that could not be reached tried again with what is flushed
  public static Map<String, ControlVerb> of(
      QueueAdmin admin, Supplier<List<Unqueued>> unqueued, Runnable revive, InstantSource clock) {
    var verbs = new HashMap<String, ControlVerb>();
    verbs.put(
        VerbName.QUEUE_LIST,
        (args, rows) -> {
          try {
            admin.list(
                args.getLast(),
                unqueued.get(),
                entry -> add(QueuedMessage.of(entry).fields(), rows));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
    verbs.put(
        VerbName.QUEUE_SHOW,
        (args, rows) -> {
          String id = args.getFirst();
          if (id.isEmpty() && args.size() == 2) {
            show(admin, SelectorReader.read(args.getLast()), clock.instant(), rows);
            return;
          }
          List<QueueEntry> parts =
              id.equals(VerbResult.ALL) ? List.of() : admin.parts(Target.parse(id));
          if (parts.isEmpty()) {
            throw new ControlProblem(id + ": no such message");
          }
          for (QueueEntry part : parts) {
            rows.add(MessageDetail.of(part, admin.codecs()).fields());
          }
        });
    verbs.put(
        VerbName.QUEUE_FLUSH,
        (args, rows) -> {
          revive.run();
          each(args, admin::flush, OperatorEvent.Flushed::new, rows);
        });
    verbs.put(
        VerbName.QUEUE_DELETE,
        (args, rows) ->
            each(
                rest(args),
                target -> admin.delete(target, args.getFirst()),
                OperatorEvent.Deleted::new,
                rows));
    verbs.put(
        VerbName.QUEUE_HOLD,
        (args, rows) ->
            each(
                rest(args),
                target -> admin.hold(target, args.getFirst()),
                OperatorEvent.Held::new,
                rows));
    verbs.put(
        VerbName.QUEUE_RELEASE,
        (args, rows) -> {
          var apart = new ArrayList<String>();
          try {
            each(
                rest(args),
                target -> {
                  Result result = admin.release(target, args.getFirst());
                  if (result.equals(Result.NOTHING) && isInQuarantine(admin, target)) {
                    target.id().ifPresent(apart::add);
                  }
                  return result;
                },
                OperatorEvent.Released::new,
                rows);
          } catch (ControlProblem e) {
            throw apart.isEmpty()
                ? e
                : new ControlProblem(
                    "a content filter has set it aside: caravan quarantine release "
                        + String.join(" ", apart));
          }
        });
    return Map.copyOf(verbs);
  }

  /// Mail that a filter has set aside is released by a verb of its own: `ALL` that is on hold must
  /// not let it go.
  private static boolean isInQuarantine(QueueAdmin admin, Target target) throws Exception {
    return target.id().isPresent()
        && admin.parts(target).stream().anyMatch(part -> Queues.isQuarantine(part.queue()));
  }

  private static void show(QueueAdmin admin, Selector selector, Instant now, Rows rows)
      throws Exception {
    var shown = new AtomicLong();
    try {
      admin.find(
          selector,
          now,
          entry -> {
            shown.incrementAndGet();
            add(MessageDetail.of(entry, admin.codecs()).fields(), rows);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (shown.get() == 0) {
      throw new ControlProblem("no such message");
    }
  }

  @FunctionalInterface
  private interface Deed {
    Result to(Target target) throws Exception;
  }

  @FunctionalInterface
  private interface Telling {
    OperatorEvent of(Optional<String> id, long messages);
  }

  private static void each(List<String> ids, Deed deed, Telling telling, Rows rows)
      throws Exception {
    // all are checked before the first is touched
    List<Target> targets = ids.stream().map(Target::parse).toList();
    boolean whole = true;
    for (Target target : targets) {
      Result done = deed.to(target);
      if (done.done() > 0) {
        Events.tell(telling.of(target.id(), done.done()));
      }
      var result = new VerbResult(target.id().orElse(VerbResult.ALL), done.done(), done.taken());
      rows.add(result.fields());
      whole &= result.found() && result.taken() == 0;
    }
    if (!whole) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static void add(List<String> row, Rows rows) {
    try {
      rows.add(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> rest(List<String> args) {
    return args.subList(1, args.size());
  }
}
