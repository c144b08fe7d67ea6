package org.caravanmta.smtp.client;

import java.time.Duration;

/// Who calls, and how patient (RFC 5321 §4.5.3.2).
///
/// @param hostname the argument of EHLO and LHLO
/// @param connect to one address
/// @param command for the reply to a command, and for the server to take more of what is written
/// @param data for the reply to the end of data
public record Caller(String hostname, Duration connect, Duration command, Duration data) {}
