package org.caravanmta.queue.spi;

/// A send that no queue has confirmed: the broker cannot be reached, or has not answered in time.
/// Whether the message was kept is unknown, so the sender must try again.
public class QueueUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public QueueUnavailable(String why) {
    super(why);
  }

  public QueueUnavailable(String why, Throwable cause) {
    super(why, cause);
  }
}
