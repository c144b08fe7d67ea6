package org.caravanmta.submission;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Reason;

/// What routing would do with a recipient (RFC 5321 §3.6) if there were something to deliver.
@FunctionalInterface
public interface Prospect {
  /// @return of class 2: it would be delivered, and how; of class 4 or 5: why it would wait or fail
  Reason of(Address recipient, ReversePath sender);
}
