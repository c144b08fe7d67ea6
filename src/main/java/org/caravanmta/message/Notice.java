package org.caravanmta.message;

/// Something the sender is to be told about some recipients: what the `report` stage makes a
/// delivery status notification of (RFC 3464).
///
/// @param mail the message with only those recipients, each with its reason in {@link
///   Recipient#last}; its reverse path is never null
public record Notice(Action action, Mail mail) {
  /// The Action field (RFC 3464 §2.3.3).
  public enum Action {
    FAILED,
    DELAYED,
    DELIVERED,
    RELAYED,
    EXPANDED,
    /// Nothing was sent: who could be delivered to and who could not, by the class of each reason.
    VERIFIED
  }
}
