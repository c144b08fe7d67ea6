package org.caravanmta.smtp.client;

import java.time.Duration;

/// Who calls, and how patient (RFC 5321 §4.5.3.2).
///
/// @param hostname the argument of EHLO and LHLO
/// @param connect to one address
/// @param command for the reply to a command, and for the server to take more of what is written
/// @param data for the reply to the end of data
/// @param longestLine bytes of a line of content (RFC 5321 §4.5.3.1.6): longer ones are broken; 0
///   for any length
/// @param sevenBit whether content of eight bits is converted for a server that does not offer
///   8BITMIME (RFC 6152 §3)
/// @param telling whether a server that offers XFORWARD is told whom we have the message from,
///   which is for content filters only
public record Caller(
    String hostname,
    Duration connect,
    Duration command,
    Duration data,
    int longestLine,
    boolean sevenBit,
    boolean telling) {
  /// One who calls content filters.
  public Caller ofFilters() {
    return new Caller(hostname, connect, command, data, longestLine, sevenBit, true);
  }

  /// Content is sent as it is.
  public Caller(String hostname, Duration connect, Duration command, Duration data) {
    this(hostname, connect, command, data, 0, false, false);
  }
}
