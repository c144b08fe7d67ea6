package org.caravanmta.queue;

import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;

/// Takes as one what comes within some time of each other and belongs together.
final class GatheringReader extends BatchReader {
  private final Duration patience;

  GatheringReader(
      String queue,
      int number,
      Stage stage,
      ArtemisComponent queues,
      int batch,
      Duration patience) {
    super(queue, number, stage, queues, batch);
    this.patience = patience;
  }

  @Override
  protected Intake open(Link link) throws ActiveMQException {
    return new GatheringIntake(
        super.open(link), queues.codecs(), patience.toNanos(), System::nanoTime);
  }
}
