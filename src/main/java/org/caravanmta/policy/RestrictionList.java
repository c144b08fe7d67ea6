package org.caravanmta.policy;

/// One of the lists of restrictions that reception asks (postfix `SMTPD_ACCESS_README`). `permit`
/// ends the list it stands in and no other.
public enum RestrictionList {
  /// Before any list.
  NONE,
  CLIENT,
  HELO,
  SENDER,
  /// The one whose `permit` lets us accept a recipient's mail.
  RELAY,
  RECIPIENT,
  DATA,
  END_OF_DATA
}
