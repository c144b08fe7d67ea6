package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.caravanmta.address.Literals;

/// A DNS server (RFC 1035 §4.2): `192.0.2.53`, `2001:db8::53` or, on another port than 53,
/// `127.0.0.1:5353`, `[::1]:5353`.
public record NameServer(InetSocketAddress address) {
  private static final int PORT = 53;

  /// @throws IllegalArgumentException if it is neither an address nor an address and port
  public static NameServer parse(String text) {
    try {
      String bare =
          text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
      return new NameServer(new InetSocketAddress(InetAddress.ofLiteral(bare), PORT));
    } catch (IllegalArgumentException e) {
      return ported(text);
    }
  }

  private static NameServer ported(String text) {
    try {
      return new NameServer(Literals.endpoint(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a name server such as 192.0.2.53 or 127.0.0.1:5353", e);
    }
  }

  @Override
  public String toString() {
    return Literals.scoped(address);
  }
}
