package org.caravanmta.message;

/// Where mail for other domains goes (Postfix: relayhost), in the notation of a {@link NextHop}:
/// `example.net`, by its MX; `[mx.example.net]` or `[192.0.2.1]`, that host; each with `:port` or
/// without.
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
