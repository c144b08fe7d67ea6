package org.caravanmta.smtp.client;

import java.time.Duration;

/// How long we wait for a server at each step (RFC 5321 §4.5.3.2; postfix `smtp_connect_timeout`
/// and its siblings).
///
/// @param connect for the connection to one address
/// @param hello for the greeting, and for the reply to EHLO, HELO or LHLO
/// @param xforward for the reply to XFORWARD
/// @param mail for the reply to MAIL
/// @param recipient for the reply to RCPT
/// @param data for the reply to DATA
/// @param transfer for the server to take each piece of the content
/// @param end for the reply to the end of data
/// @param reset for the reply to RSET
public record SmtpTimeouts(
    Duration connect,
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration end,
    Duration reset) {
  /// The same time-out for every command.
  public SmtpTimeouts(Duration connect, Duration command, Duration end) {
    this(connect, command, command, command, command, command, command, end, command);
  }
}
