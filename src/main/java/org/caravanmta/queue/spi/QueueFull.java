package org.caravanmta.queue.spi;

/// A send refused because the broker's disk is nearly full: in SMTP, `452 4.3.1` (RFC 5321 §4.2.3).
public final class QueueFull extends QueueUnavailable {
  private static final long serialVersionUID = 1L;

  public QueueFull(String why) {
    super(why);
  }
}
