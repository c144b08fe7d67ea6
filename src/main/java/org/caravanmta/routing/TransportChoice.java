package org.caravanmta.routing;

import org.caravanmta.message.NamedTransport;

/// What the transport table has to say of a recipient (postfix `transport(5)`).
sealed interface TransportChoice {
  TransportChoice AS_USUAL = new AsUsual();

  /// No entry, or one that says `:`: what the domain says holds.
  record AsUsual() implements TransportChoice {}

  /// `:nexthop`: the usual transport, another next hop.
  record Elsewhere(String nextHop) implements TransportChoice {}

  /// `transport:nexthop`, or `transport:`, whose next hop is the recipient's domain.
  record Other(NamedTransport named) implements TransportChoice {}

  /// A table could not be asked.
  record Unavailable(String why) implements TransportChoice {}
}
