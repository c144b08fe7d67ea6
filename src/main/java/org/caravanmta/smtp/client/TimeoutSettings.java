package org.caravanmta.smtp.client;

import java.time.Duration;

/// The section `delivery.outgoing.timeouts`: how long to wait for a server at each step (RFC 5321
/// §4.5.3.2); zero for the time that {@link #withDefaults} gives. See {@link SmtpTimeouts} for the
/// steps.
public record TimeoutSettings(
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration reset) {
  /// The time-outs of all steps.
  ///
  /// @param connect for the connection to one address
  /// @param command for each step that is not set here
  /// @param end for the reply to the end of data
  public SmtpTimeouts withDefaults(Duration connect, Duration command, Duration end) {
    return new SmtpTimeouts(
        connect,
        orDefault(hello, command),
        orDefault(xforward, command),
        orDefault(mail, command),
        orDefault(recipient, command),
        orDefault(data, command),
        orDefault(transfer, command),
        end,
        orDefault(reset, command));
  }

  private static Duration orDefault(Duration own, Duration byDefault) {
    return own.isZero() ? byDefault : own;
  }
}
