package org.caravanmta.delivery.endpoint;

import org.jspecify.annotations.Nullable;

/// Says that there can be no endpoint of a URI, and why: the operator has to mend it, and mail
/// waits (RFC 3463 §3.4, 4.3.5).
final class UnusableEndpoint extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param problem fit to be shown: nothing secret is in it
  UnusableEndpoint(String problem, @Nullable Throwable cause) {
    super(problem, cause);
  }
}
