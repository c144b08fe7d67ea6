package org.caravanmta.message;

/// The next hop of mail for other domains (postfix `relayhost`).
///
/// @param nextHop as {@link NextHop} is written, but not a socket: `example.net` for its mail
///   exchangers, `[mx.example.net]` or `[192.0.2.1]` for that host, each with or without `:port`
public record Relayhost(String nextHop) {
  public Relayhost {
    if (NextHopReader.list(nextHop).stream().anyMatch(hop -> hop instanceof NextHop.Socket)) {
      throw new IllegalArgumentException("\"" + nextHop + "\" is not a next hop of SMTP");
    }
  }

  @Override
  public String toString() {
    return nextHop;
  }
}
