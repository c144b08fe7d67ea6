package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.caravanmta.address.Literals;

/// A name server (RFC 1035 §4.2): `192.0.2.53`, `2001:db8::53`, or with a port other than 53,
/// `127.0.0.1:5353`, `[::1]:5353`.
public record NameServer(InetSocketAddress address) {
  /// RFC 1035 §4.2.1.
  private static final int PORT = 53;

  /// Reads an address, or an address and a port.
  ///
  /// @throws IllegalArgumentException if it is neither
  public static NameServer parse(String text) {
    try {
      String bare =
          text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
      return new NameServer(new InetSocketAddress(InetAddress.ofLiteral(bare), PORT));
    } catch (IllegalArgumentException e) {
      return withPort(text);
    }
  }

  private static NameServer withPort(String text) {
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
