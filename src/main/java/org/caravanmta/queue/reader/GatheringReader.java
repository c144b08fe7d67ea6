package org.caravanmta.queue.reader;

import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;

/// Takes as one what comes within some time of each other and belongs together.
public final class GatheringReader extends BatchReader {
  private final Duration patience;

  public GatheringReader(
      String queue,
      int number,
      QueueStage stage,
      QueueRuntime queues,
      int batch,
      Duration patience) {
    super(queue, number, stage, queues, batch, PREFETCH);
    this.patience = patience;
  }

  @Override
  protected QueueIntake open(Link link) throws ActiveMQException {
    return new GatheringIntake(
        super.open(link), queues.codecs(), patience.toNanos(), System::nanoTime);
  }
}
