package org.caravanmta.reception.limits;

/// A session as {@link Sessions} knows it: how much memory it holds, and how it is made to end (RFC
/// 5321 §3.8). From any thread.
public interface OpenSession {
  /// What the session holds of the {@link MemoryBudget}.
  Holding holding();

  /// How soon this session should end when others need memory.
  Weight weight();

  /// Ends the session with 421 as soon as no transaction is under way.
  void leave();

  /// Ends the session with 421 because others need its memory.
  void displace();
}
