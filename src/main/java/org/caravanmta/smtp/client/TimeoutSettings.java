package org.caravanmta.smtp.client;

import java.time.Duration;

/// The section `delivery.outgoing.timeouts`: how long we wait for a server at each step (RFC 5321
/// §4.5.3.2; postfix `smtp_helo_timeout` and its siblings); zero for the time that {@link
/// #withDefault} gives.
///
/// @param hello for the greeting, and for the reply to EHLO, HELO or LHLO
/// @param xforward for the reply to XFORWARD
/// @param mail for the reply to MAIL
/// @param recipient for the reply to RCPT
/// @param data for the reply to DATA
/// @param transfer for the server to take each piece of the content
/// @param reset for the reply to RSET
public record TimeoutSettings(
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration reset) {
  /// The same time-out for every step.
  static TimeoutSettings all(Duration step) {
    return new TimeoutSettings(step, step, step, step, step, step, step);
  }

  /// @param command for each step that is not set here
  TimeoutSettings withDefault(Duration command) {
    return new TimeoutSettings(
        orDefault(hello, command),
        orDefault(xforward, command),
        orDefault(mail, command),
        orDefault(recipient, command),
        orDefault(data, command),
        orDefault(transfer, command),
        orDefault(reset, command));
  }

  private static Duration orDefault(Duration own, Duration byDefault) {
    return own.isZero() ? byDefault : own;
  }
}
