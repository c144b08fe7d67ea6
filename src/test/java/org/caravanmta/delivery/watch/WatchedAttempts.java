package org.caravanmta.delivery.watch;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.client.Letters;

/// Attempts at delivery under a watchdog whose clock a test sets, and the operator's verbs on them.
public final class WatchedAttempts implements AutoCloseable {
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicLong ticks = new AtomicLong(-5);
  private final AtWork work = new AtWork(ticks::get);
  private final Watchdog watchdog = new Watchdog(work, HOUR);
  private final List<DeliveryEvent.Cut> cuts = new CopyOnWriteArrayList<>();
  private final Events.Listening listening =
      Events.listen(
          event -> {
            if (event instanceof DeliveryEvent.Cut cut) {
              cuts.add(cut);
            }
          });

  /// Begins an attempt on a thread of its own.
  public FutureTask<TaskOutcome> begin(Function<Mail, TaskOutcome> delivery, Mail mail) {
    var attempt =
        new FutureTask<>(
            () -> {
              var watched = new WatchedDelivery(delivery, work, () -> Letters.ARRIVED);
              TaskOutcome outcome = watched.deliver(mail);
              if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("what follows the attempt is interrupted");
              }
              return outcome;
            });
    Thread.ofVirtual().start(attempt);
    return attempt;
  }

  /// Waits until the only attempt is at a step.
  public AttemptRow at(String step) {
    var row = new ArrayList<AttemptRow>();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              row.clear();
              row.addAll(rows());
              return row.size() == 1 && row.getFirst().step().equals(step);
            });
    return row.getFirst();
  }

  /// What `queue.connections` answers.
  public List<AttemptRow> rows() {
    var rows = new ArrayList<AttemptRow>();
    try {
      verb(VerbName.QUEUE_CONNECTIONS).run(List.of(), row -> rows.add(AttemptRow.of(row)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  /// Cuts an attempt as the operator does.
  ///
  /// @return whether there was one to cut
  public boolean cut(long number) {
    try {
      verb(VerbName.QUEUE_CUT).run(List.of("ann", Long.toString(number)), _ -> {});
      return true;
    } catch (ControlProblem e) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Time passes, and the watchdog looks.
  public void pass(Duration time) {
    ticks.addAndGet(time.toNanos());
    watchdog.look();
  }

  /// What was told of attempts that were cut.
  public List<DeliveryEvent.Cut> cuts() {
    return cuts;
  }

  /// The outcome of an attempt.
  public static TaskOutcome outcome(FutureTask<TaskOutcome> attempt) {
    try {
      return attempt.get(90, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private ControlVerb verb(String name) {
    return AttemptVerbs.of(work).get(name);
  }

  @Override
  public void close() {
    listening.close();
    watchdog.close();
  }
}
