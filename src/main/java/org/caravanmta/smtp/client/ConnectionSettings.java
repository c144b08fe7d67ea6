package org.caravanmta.smtp.client;

import java.time.Duration;
import org.caravanmta.config.Require;

/// Keys of the section `delivery`: how long we wait for servers (RFC 5321 §4.5.3.2), how long a
/// connection is kept, and what becomes of content that goes over it.
///
/// @param connectTimeout for the connection to one address
/// @param commandTimeout for each step that {@link TimeoutSettings} do not set
/// @param dataTimeout for the reply to the end of data
/// @param connectionIdle how long an idle connection is kept; zero keeps none
/// @param lineLimit how many bytes a line of content may have (RFC 5321 §4.5.3.1.6; postfix
///   `smtp_line_length_limit`); longer lines are broken; 0 for any length, otherwise at least 78,
///   which every line should fit into (RFC 5322 §2.1.1)
/// @param sevenBit whether eight-bit content is converted for a server that does not offer 8BITMIME
///   (RFC 6152 §3)
public record ConnectionSettings(
    Duration connectTimeout,
    Duration commandTimeout,
    Duration dataTimeout,
    Duration connectionIdle,
    int lineLimit,
    boolean sevenBit) {
  public ConnectionSettings {
    if (lineLimit != 0) {
      Require.atLeast(78, "line-limit", lineLimit);
    }
    Require.positive("connect-timeout", connectTimeout);
    Require.positive("command-timeout", commandTimeout);
    Require.positive("data-timeout", dataTimeout);
  }

  /// The same, but content is sent as it is.
  public ConnectionSettings contentAsItIs() {
    return new ConnectionSettings(
        connectTimeout, commandTimeout, dataTimeout, connectionIdle, 0, false);
  }
}
