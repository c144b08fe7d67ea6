package org.caravanmta.policy;

/// What is known of a mail transaction (RFC 5321 §3.3) besides its envelope.
///
/// @param instance the same for all questions about one message
/// @param id the message's id; empty until it has one
/// @param size what MAIL has declared (RFC 1870 §4); 0 when it has not
/// @param said what MAIL and RCPT have said word for word
public record TransactionFacts(String instance, String id, long size, Said said) {}
