package org.caravanmta.mime;

/// A message whose parts cannot be told apart, or an archive whose entries cannot be listed, within
/// what we are willing to spend on it.
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  public Unreadable(String why) {
    super(why);
  }
}
