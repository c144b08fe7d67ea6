package org.caravanmta.policy;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;

/// What routing would do with a recipient (RFC 5321 §3.3: who cannot be delivered to is best
/// refused at once): so that what is sure to fail is refused while the message is still the
/// client's.
@FunctionalInterface
public interface Deliverability {
  Deliverability FINE = (_, _, _) -> Verdict.UNDECIDED;

  /// @param given the recipient as the client wrote it, for the reply
  /// @param destination what is routed
  Verdict of(Address given, Address destination, ReversePath sender);
}
