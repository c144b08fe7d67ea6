package org.caravanmta.smtp.client;

import org.caravanmta.message.Reason;

/// No dialogue came about with a server: it did not take the connection, or did not greet us as it
/// should (RFC 5321 §3.1, §3.2). Another server may.
public final class Unreachable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reason reason;

  Unreachable(Reason reason) {
    super(reason.text(), null, false, false);
    this.reason = reason;
  }

  /// Its status is of class 5 only where the server refused our name for good.
  public Reason reason() {
    return reason;
  }
}
