package org.caravanmta.share;

/// A part of a limit, from joining it to leaving it.
public interface Share extends AutoCloseable {
  /// What it is now.
  Portion part();

  /// Tells that more is wanted than the part allows: it is asked for. Cheap.
  void want();

  /// Leaves the limit to others.
  @Override
  void close();
}
