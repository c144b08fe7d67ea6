package org.caravanmta;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.endpoint.CamelDelivery;
import org.caravanmta.delivery.local.LocalDelivery;
import org.caravanmta.delivery.local.VirtualDelivery;
import org.caravanmta.delivery.program.PipeDelivery;
import org.caravanmta.delivery.remote.CheckedDelivery;
import org.caravanmta.delivery.remote.FilterDelivery;
import org.caravanmta.delivery.remote.LmtpDelivery;
import org.caravanmta.delivery.watch.AtWork;
import org.caravanmta.delivery.watch.Watchdog;
import org.caravanmta.delivery.watch.WatchedDelivery;
import org.caravanmta.delivery.watch.WatchedLocalDelivery;
import org.caravanmta.message.Mail;

/// The watch over all attempts at delivery, whichever stage makes them: the operator sees and ends
/// them, and the watchdog ends what makes no progress.
final class DeliveryWatch implements AutoCloseable {
  private final AtWork work = new AtWork(System::nanoTime);
  private final Watchdog watchdog;
  private final InstantSource clock;

  /// @param longest how long an attempt may make no progress; zero for any time
  DeliveryWatch(Duration longest, InstantSource clock) {
    this.watchdog = new Watchdog(work, longest);
    this.clock = clock;
  }

  /// The attempts that are being made.
  AtWork work() {
    return work;
  }

  /// What a route gets for a bean: a delivery with its attempts watched, anything else as it is.
  Object over(Object bean) {
    return switch (bean) {
      case CheckedDelivery smtp -> watched(smtp::deliver);
      case LmtpDelivery lmtp -> watched(lmtp::deliver);
      case FilterDelivery filter -> watched(filter::deliver);
      case PipeDelivery program -> watched(program::deliver);
      case CamelDelivery endpoint -> watched(endpoint::deliver);
      case VirtualDelivery mailbox -> watched(mailbox::deliver);
      case LocalDelivery local -> new WatchedLocalDelivery(local::deliver, work, clock);
      default -> bean;
    };
  }

  private WatchedDelivery watched(Function<Mail, TaskOutcome> delivery) {
    return new WatchedDelivery(delivery, work, clock);
  }

  /// Begins to look.
  void begin() {
    watchdog.begin();
  }

  @Override
  public void close() {
    watchdog.close();
  }
}
