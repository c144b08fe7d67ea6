package org.caravanmta.address;

/// Where in a message an address stands (RFC 5321 §2.3.1, RFC 5322 §3.6), as a rule of rewriting
/// may be for some places and not for others (postfix `canonical_classes`).
public enum AddressClass {
  ENVELOPE_SENDER,
  ENVELOPE_RECIPIENT,
  HEADER_SENDER,
  HEADER_RECIPIENT
}
