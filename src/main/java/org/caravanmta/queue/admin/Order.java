package org.caravanmta.queue.admin;

import java.time.Instant;
import org.caravanmta.queue.selector.Selector;

/// What the operator wants done, and to which messages.
///
/// @param argument of the deed: for {@link Deed#REROUTE}, `transport:nexthop`; otherwise empty
/// @param dry whether it is only told what would be done
/// @param now when ages are counted from
public record Order(Deed deed, String argument, Selector selector, boolean dry, Instant now) {
  /// The same, with {@link Selector#quick}.
  Order quick() {
    return new Order(deed, argument, selector.quick(), dry, now);
  }
}
