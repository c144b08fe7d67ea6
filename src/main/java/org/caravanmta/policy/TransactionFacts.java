package org.caravanmta.policy;

/// What is known about a mail transaction (RFC 5321 §3.3) besides its envelope.
///
/// @param instance the same for all questions of one transaction (postfix `SMTPD_POLICY_README`)
/// @param id the message's id; empty until it has one
/// @param size the size declared with MAIL in bytes (RFC 1870 §4); 0 if none was
/// @param givenPaths the paths of MAIL and RCPT as the client gave them
public record TransactionFacts(String instance, String id, long size, GivenPaths givenPaths) {}
