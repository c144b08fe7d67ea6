package org.caravanmta.message;

/// What the DNS says of a client's address (RFC 1035 §3.5): the name that it points to, and whether
/// that name points back.
///
/// @param name the name that the address points to, verified or not; `unknown` if there is none
/// @param state what the DNS has answered
public record Reverse(String name, State state) {
  /// Nobody has asked.
  public static final Reverse UNASKED = new Reverse(Client.UNKNOWN, State.UNASKED);

  /// What the DNS has answered.
  public enum State {
    /// Nobody has asked, so nothing can be held against the client.
    UNASKED,
    /// The name points back to the address.
    VERIFIED,
    /// The address points to no name, or the name to no address.
    ABSENT,
    /// The name points to other addresses only.
    FORGED,
    /// The DNS could not be asked.
    UNAVAILABLE
  }
}
