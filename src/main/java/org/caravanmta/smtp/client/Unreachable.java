package org.caravanmta.smtp.client;

import org.caravanmta.message.Reason;

/// Thrown when no dialogue comes about with a server: it did not take the connection, or did not
/// greet us as it should (RFC 5321 §3.1, §3.2). Another server may.
public final class Unreachable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reason reason;

  Unreachable(Reason reason) {
    super(reason.text(), null, false, false);
    this.reason = reason;
  }

  /// What the server did. The status is of class 5 only if the server refused us permanently.
  public Reason reason() {
    return reason;
  }
}
