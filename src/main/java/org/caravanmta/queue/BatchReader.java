package org.caravanmta.queue;

import java.util.ArrayList;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.jspecify.annotations.Nullable;

/// Takes one message after the other, and settles as many as there are, up to a batch, with one
/// commit: one sync of the journal for all of them.
class BatchReader extends QueueReader {
  /// Bytes that wait on this side of the link for their turn.
  private static final int PREFETCH = 1 << 20;

  private final int batch;
  private final int prefetch;

  /// Messages still to be settled one by one, after a commit that failed: if one of them is to
  /// blame, only that one fails again.
  private int careful;

  BatchReader(String queue, int number, Stage stage, ArtemisComponent queues, int batch) {
    this(queue, number, stage, queues, batch, PREFETCH);
  }

  BatchReader(
      String queue, int number, Stage stage, ArtemisComponent queues, int batch, int prefetch) {
    super(queue, number, stage, queues);
    this.batch = batch;
    this.prefetch = prefetch;
  }

  @Override
  protected void work(Link link) throws ActiveMQException {
    Intake intake = link.open(queue, prefetch);
    Received next = null;
    while (!stopping()) {
      if (next == null) {
        next = await(intake);
      } else if (!awaitTurn(next)) {
        checkOpen(intake);
      } else {
        next = batch(link, intake, next);
      }
    }
  }

  /// Whether the first of a batch may be taken now; waits a while for that.
  protected boolean awaitTurn(Received first) throws ActiveMQException {
    return true;
  }

  /// Whether this one may be taken now.
  protected boolean hasTurn(Received next) {
    return true;
  }

  /// Takes `first` and what stands behind it through the stage, and settles them.
  ///
  /// @return one that has been received and is not of the batch
  private @Nullable Received batch(Link link, Intake intake, Received first)
      throws ActiveMQException {
    int most = careful > 0 || suspect(first) ? 1 : batch;
    var outcomes = new ArrayList<Stage.Outcome>(most);
    Received last;
    Received next = first;
    try {
      do {
        var outcome = pass(next);
        send(link, outcome);
        outcomes.add(outcome);
        last = next;
        // what the broker has already brought: none is waited for
        next = intake.ready() ? await(intake) : null;
      } while (next != null
          && outcomes.size() < most
          && !stopping()
          && !suspect(next)
          && hasTurn(next));
      // with all before it
      intake.acknowledgeUpTo(last);
      link.commit();
    } catch (ActiveMQException | RuntimeException e) {
      careful = Faults.ofTheBroker(e) ? 0 : batch;
      throw e;
    }
    careful = Math.max(0, careful - 1);
    outcomes.forEach(this::settled);
    return next;
  }
}
