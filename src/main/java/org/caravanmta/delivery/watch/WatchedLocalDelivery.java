package org.caravanmta.delivery.watch;

import java.time.InstantSource;
import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;

/// A {@link WatchedDelivery} by which mail may become other mail, as when it is forwarded (RFC 5321
/// §3.9).
public final class WatchedLocalDelivery {
  private final WatchedDelivery watched;

  public WatchedLocalDelivery(
      Function<Mail, TaskOutcome> delivery, AtWork work, InstantSource clock) {
    this.watched = new WatchedDelivery(delivery, work, clock);
  }

  @HandsOver({Queues.ROUTING, Queues.ANY_DELIVERY, Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    return watched.deliver(mail);
  }
}
