package org.caravanmta.queue.admin;

import java.time.Instant;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.selector.Selector;

/// What the operator wants done, and to which messages.
///
/// @param argument of the deed: for {@link Deed#REROUTE}, `transport:nexthop`; otherwise empty
/// @param dry whether it is only told what would be done
/// @param now when ages are counted from
/// @param quarantine whether it is about what content filters have set aside, and nothing else
public record Order(
    Deed deed, String argument, Selector selector, boolean dry, Instant now, boolean quarantine) {
  /// An order about mail in other queues.
  public Order(Deed deed, String argument, Selector selector, boolean dry, Instant now) {
    this(deed, argument, selector, dry, now, false);
  }

  /// The same, with {@link Selector#quick}.
  Order quick() {
    return new Order(deed, argument, selector.quick(), dry, now, quarantine);
  }

  /// Whether it can be carried out on a queue.
  boolean fits(String queue) {
    return quarantine
        ? Queues.isQuarantine(queue) && (deed == Deed.RELEASE || deed == Deed.DELETE)
        : deed.fits(queue);
  }
}
