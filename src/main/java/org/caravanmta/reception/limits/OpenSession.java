package org.caravanmta.reception.limits;

/// A session as {@link Sessions} sees it: what it weighs, and how it is made to end (RFC 5321
/// §3.8). From any thread.
public interface OpenSession {
  /// What it holds of the memory of all.
  Holding holding();

  /// How much it is in the way of others.
  Weight weight();

  /// Ends it as soon as no transaction is under way.
  void leave();

  /// Ends it because others need its memory.
  void displace();
}
