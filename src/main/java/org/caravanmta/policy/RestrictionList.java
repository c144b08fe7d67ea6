package org.caravanmta.policy;

/// A list of restrictions that reception asks (postfix `SMTPD_ACCESS_README`). `permit` ends the
/// list that it stands in and no other.
public enum RestrictionList {
  /// Before any list.
  NONE,
  /// postfix `smtpd_client_restrictions`.
  CLIENT,
  /// postfix `smtpd_helo_restrictions`.
  HELO,
  /// postfix `smtpd_sender_restrictions`.
  SENDER,
  /// postfix `smtpd_relay_restrictions`: its `permit` lets us accept mail for a recipient.
  RELAY,
  /// postfix `smtpd_recipient_restrictions`.
  RECIPIENT,
  /// postfix `smtpd_data_restrictions`.
  DATA,
  /// postfix `smtpd_end_of_data_restrictions`.
  END_OF_DATA
}
