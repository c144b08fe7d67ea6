package org.caravanmta.policy;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;

/// Tells whether routing could deliver to a recipient, so that a recipient that is sure to fail is
/// refused while the client is still responsible for the message (RFC 5321 §3.3).
@FunctionalInterface
public interface Deliverability {
  /// Has nothing against any recipient.
  Deliverability FINE = (_, _, _) -> Verdict.UNDECIDED;

  /// The verdict on a recipient: {@link Verdict.Undecided} if nothing is against it.
  ///
  /// @param given the recipient as the client gave it, for the reply
  /// @param destination the address that would be delivered to
  /// @param sender the sender, on which routing may depend
  Verdict of(Address given, Address destination, ReversePath sender);
}
