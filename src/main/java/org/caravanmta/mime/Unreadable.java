package org.caravanmta.mime;

/// Thrown when the parts of a message cannot be told apart, or the entries of an archive cannot be
/// listed, within the limits of depth, number, size and time that we keep.
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param why what exceeds which limit, in words for the log
  public Unreadable(String why) {
    super(why);
  }
}
