package org.caravanmta.delivery.endpoint;

/// Thrown when an endpoint, or what sends to it, could not be started: nothing was sent. The cause
/// says why.
final class Unopened extends Exception {
  private static final long serialVersionUID = 1L;

  Unopened(Exception cause) {
    super(cause);
  }
}
