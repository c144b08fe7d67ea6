package org.caravanmta.queue.spi;

import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.SessionFailureListener;

/// Hears that a connection to the broker has broken, for good.
public record Break(Consumer<ActiveMQException> listener) implements SessionFailureListener {
  @Override
  public void connectionFailed(ActiveMQException cause, boolean failedOver) {
    listener.accept(cause);
  }

  @Override
  public void connectionFailed(ActiveMQException cause, boolean failedOver, String target) {
    listener.accept(cause);
  }

  @Override
  public void beforeReconnect(ActiveMQException cause) {
    listener.accept(cause);
  }
}
