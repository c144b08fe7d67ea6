package org.caravanmta.share;

/// One on this node that has a part of a limit.
public interface Sharer {
  /// What it wants now.
  Demand demand();

  /// It has this part from now on. Tasks that have begun go on, though they be more.
  void granted(Portion part);
}
