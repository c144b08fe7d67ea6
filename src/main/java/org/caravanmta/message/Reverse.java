package org.caravanmta.message;

/// What the DNS says of a client's address (RFC 1035 §3.5): the name it points to, and whether that
/// name points back.
///
/// @param name the name the address points to, whether or not that is true; else `unknown`
public record Reverse(String name, State state) {
  /// Nobody has asked.
  public static final Reverse UNASKED = new Reverse(Client.UNKNOWN, State.UNASKED);

  /// What came of the question.
  public enum State {
    /// Nobody has asked, so that nothing can be held against the client.
    UNASKED,
    /// The name points back to the address.
    VERIFIED,
    /// There is no such name, or it points nowhere.
    ABSENT,
    /// The name points to other addresses only.
    FORGED,
    /// The DNS could not be asked.
    UNAVAILABLE
  }
}
