package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// Takes one message after the other, and settles as many as there are, up to a batch, with one
/// commit: one sync of the journal for all of them.
public class BatchReader extends QueueReader {
  /// The most bytes that wait on this side of the link for their turn.
  static final int PREFETCH = 1 << 20;

  /// Bytes that wait for each message that a batch may have besides its first.
  private static final int EACH = 16 << 10;

  /// How long mail is waited for while some wait to be processed alone, in milliseconds.
  private static final long GLANCE = 100;

  private final int batch;
  private final int prefetch;

  /// Messages still to be settled one by one, after a commit that failed: if one of them is to
  /// blame, only that one fails again.
  private int careful;

  /// How often what became of a message was refused, by the broker's number of it.
  private final Map<Long, Integer> refusals = new HashMap<>();

  private final Suspects suspects;

  public BatchReader(String queue, int number, QueueStage stage, QueueRuntime queues, int batch) {
    this(queue, number, stage, queues, batch, prefetch(batch));
  }

  BatchReader(
      String queue, int number, QueueStage stage, QueueRuntime queues, int batch, int prefetch) {
    super(queue, number, stage, queues);
    this.batch = batch;
    this.prefetch = prefetch;
    this.suspects = new Suspects(queues.solitude());
  }

  /// Mail that waits here goes to no other reader of the queue: a stage that settles few at a time
  /// leaves the rest to others, who may be in another process. One waits in any case.
  private static int prefetch(int batch) {
    return Math.clamp((batch - 1L) * EACH, 1, PREFETCH);
  }

  @Override
  protected void work(Link link) throws ActiveMQException {
    QueueIntake intake = open(link);
    suspects.clear();
    Received next = null;
    while (!stopping()) {
      if (next == null) {
        next = suspects.isEmpty() ? await(intake) : await(intake, GLANCE);
        if (next == null) {
          alone(link, intake);
        }
      } else if (suspect(next)) {
        suspects.add(next);
        next = null;
      } else if (!awaitTurn(next)) {
        checkOpen(intake);
      } else {
        try {
          next = batch(link, intake, next);
        } finally {
          ended();
        }
        // after others, so that these get on whatever becomes of it
        alone(link, intake);
      }
    }
  }

  protected QueueIntake open(Link link) throws ActiveMQException {
    return link.open(queue, prefetch);
  }

  /// Whether the first of a batch may be taken now; waits a while for that.
  protected boolean awaitTurn(Received first) throws ActiveMQException {
    return true;
  }

  /// A batch, whose first had its turn, is settled or has failed.
  protected void ended() {}

  /// Whether this one may be taken now.
  protected boolean hasTurn(Received next) {
    return true;
  }

  /// Processes one of those that are to be processed alone, if that can be now.
  private void alone(Link link, QueueIntake intake) throws ActiveMQException {
    if (suspects.isEmpty()) {
      return;
    }
    Optional<Suspects.Turn> next = await(() -> suspects.next(Duration.ZERO));
    if (next == null || next.isEmpty()) {
      return;
    }
    try (var turn = next.get()) {
      turn.begin(intake);
      batch(link, intake, turn.received(), 1);
    }
  }

  /// Takes `first` and what stands after it through the stage, and settles them.
  ///
  /// @return one that has been received and is not of the batch
  private @Nullable Received batch(Link link, QueueIntake intake, Received first)
      throws ActiveMQException {
    return batch(link, intake, first, careful > 0 ? 1 : batch);
  }

  private @Nullable Received batch(Link link, QueueIntake intake, Received first, int most)
      throws ActiveMQException {
    var outcomes = new ArrayList<QueueStage.Outcome>(most);
    var taken = new ArrayList<Received>(most);
    Received next = first;
    try {
      do {
        taken.add(next);
        var outcome = processed(intake, next);
        send(link, outcome);
        outcomes.add(outcome);
        // what the broker has already brought: none is waited for
        next = outcomes.size() < most && intake.ready() ? await(intake) : null;
      } while (next != null && !stopping() && !suspect(next) && hasTurn(next));
      acknowledge(intake, taken);
      link.commit();
    } catch (ActiveMQException | RuntimeException e) {
      blame(taken, e);
      throw e;
    }
    careful = Math.max(0, careful - 1);
    if (!refusals.isEmpty()) {
      taken.forEach(each -> refusals.remove(each.number()));
    }
    outcomes.forEach(this::settled);
    return next;
  }

  private QueueStage.Outcome processed(QueueIntake intake, Received received)
      throws ActiveMQException {
    begun(intake, received);
    int refused = refusals.isEmpty() ? 0 : refusals.getOrDefault(received.number(), 0);
    return refused > MOST_FAILURES ? refused(received, refused) : pass(received);
  }

  /// Before it is processed.
  protected void begun(QueueIntake intake, Received received) throws ActiveMQException {
    if (!suspect(received)) {
      intake.begun(received);
    }
  }

  private void acknowledge(QueueIntake intake, List<Received> taken) throws ActiveMQException {
    if (suspects.isEmpty() && !suspect(taken.getFirst())) {
      // with all before it
      intake.acknowledgeUpTo(taken.getLast());
    } else {
      for (Received each : taken) {
        intake.acknowledge(each);
      }
    }
  }

  /// If one of several is to blame, it is found when they are taken one by one.
  private void blame(List<Received> taken, Exception why) {
    boolean ours = !Faults.ofTheBroker(why);
    careful = ours ? batch : 0;
    if (ours && taken.size() == 1) {
      refusals.merge(taken.getFirst().number(), 1, Integer::sum);
    }
  }
}
