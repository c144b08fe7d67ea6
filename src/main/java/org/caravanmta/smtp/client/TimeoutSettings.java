package org.caravanmta.smtp.client;

import java.time.Duration;

/// The section `delivery.outgoing.timeouts`: how long to wait at each step; zero for the usual
/// time.
public record TimeoutSettings(
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration reset) {
  /// These, with what other settings say.
  ///
  /// @param command where nothing else is given
  /// @param end for the reply to the end of data
  public Waits waits(Duration connect, Duration command, Duration end) {
    return new Waits(
        connect,
        given(hello, command),
        given(xforward, command),
        given(mail, command),
        given(recipient, command),
        given(data, command),
        given(transfer, command),
        end,
        given(reset, command));
  }

  private static Duration given(Duration own, Duration usual) {
    return own.isZero() ? usual : own;
  }
}
