package org.caravanmta.quarantine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.Order;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.SelectorReader;

/// The operator's verbs on the quarantine, as the control channel names them: `quarantine.list`,
/// `quarantine.show`, `quarantine.change` and `quarantine.rescan`.
final class QuarantineVerbs {
  private final QueueAdmin queues;
  private final Inventory inventory;
  private final Rescan rescan;
  private final InstantSource clock;

  QuarantineVerbs(QueueAdmin queues, Inventory inventory, Rescan rescan, InstantSource clock) {
    this.queues = queues;
    this.inventory = inventory;
    this.rescan = rescan;
    this.clock = clock;
  }

  Map<String, ControlVerb> all() {
    return Map.of(
        VerbName.QUARANTINE_LIST,
        (args, rows) ->
            each(
                use ->
                    inventory.list(
                        SelectorReader.read(argument(args, 0)),
                        clock.instant(),
                        entry -> use.accept(new QuarantineRow(entry, Optional.empty()).fields())),
                rows),
        VerbName.QUARANTINE_SHOW,
        (args, rows) -> each(use -> show(SelectorReader.read(argument(args, 0)), use), rows),
        VerbName.QUARANTINE_CHANGE,
        (args, rows) ->
            each(
                use ->
                    change(
                        argument(args, 0),
                        deed(argument(args, 1)),
                        Boolean.parseBoolean(argument(args, 2)),
                        SelectorReader.read(argument(args, 3)),
                        use),
                rows),
        VerbName.QUARANTINE_RESCAN,
        (args, rows) ->
            each(
                use -> rescan(argument(args, 0), SelectorReader.read(argument(args, 1)), use),
                rows));
  }

  private void show(Selector selector, Consumer<List<String>> use) throws Exception {
    Selector quick = selector.quick();
    Instant now = clock.instant();
    queues
        .contents()
        .each(
            Queues::isQuarantine,
            (entry, mail) -> {
              if (queues.isMeant(entry, quick, now)) {
                mail.map(
                        it ->
                            new QuarantineRow(
                                    IndexEntries.of(it), Optional.of(it.headers().toString()))
                                .fields())
                    .ifPresent(use);
              }
            });
  }

  private void change(
      String by, Deed deed, boolean dry, Selector selector, Consumer<List<String>> use)
      throws Exception {
    var left = new AtomicLong();
    var done = new HashSet<String>();
    queues.change(
        new Order(deed, "", selector, dry, clock.instant(), true),
        touched -> {
          switch (touched.outcome()) {
            case DONE ->
                touched
                    .id()
                    .ifPresent(
                        id -> {
                          done.add(id);
                          Events.tell(
                              deed == Deed.RELEASE
                                  ? new QuarantineEvent.Freed(id, by)
                                  : new QuarantineEvent.Dropped(id, by));
                        });
            case TAKEN, GONE, REFUSED -> left.incrementAndGet();
            case WOULD -> {}
          }
          use.accept(touched.fields());
        });
    inventory.gone(done);
    if (left.get() > 0) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private void rescan(String by, Selector selector, Consumer<List<String>> use) throws Exception {
    Selector quick = selector.quick();
    Instant now = clock.instant();
    var left = new AtomicLong();
    rescan.run(
        entry -> queues.isMeant(entry, quick, now),
        by,
        rescanned -> {
          if (!rescanned.isDone()) {
            left.incrementAndGet();
          }
          use.accept(rescanned.fields());
        });
    if (left.get() > 0) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static Deed deed(String word) {
    return switch (word) {
      case "release" -> Deed.RELEASE;
      case "delete" -> Deed.DELETE;
      default -> throw new IllegalArgumentException("release or delete, not \"" + word + "\"");
    };
  }

  private static String argument(List<String> args, int at) {
    if (at >= args.size()) {
      throw new IllegalArgumentException("an argument is missing");
    }
    return args.get(at);
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
