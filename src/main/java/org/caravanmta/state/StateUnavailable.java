package org.caravanmta.state;

/// The state database could not be asked: what it knows is unknown, which is not "never seen".
public final class StateUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  public StateUnavailable(String why, Throwable cause) {
    super(why, cause);
  }
}
