package org.caravanmta.smtp.client;

import java.time.Duration;

/// How long a client waits for a server at each step (RFC 5321 §4.5.3.2).
///
/// @param connect for the connection to one address
/// @param hello for the greeting, and for the reply to EHLO, HELO or LHLO
/// @param xforward for the reply to XFORWARD
/// @param mail for the reply to MAIL
/// @param recipient for the reply to RCPT
/// @param data for the reply to DATA
/// @param transfer for the server to take more of what is written
/// @param end for the reply to the end of data
/// @param reset for the reply to RSET
public record Waits(
    Duration connect,
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration end,
    Duration reset) {
  /// The same for every command.
  public Waits(Duration connect, Duration command, Duration end) {
    this(connect, command, command, command, command, command, command, end, command);
  }
}
