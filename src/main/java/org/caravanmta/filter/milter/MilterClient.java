package org.caravanmta.filter.milter;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;

/// The client of a session as a milter is told of it.
///
/// @param name its verified name, or `unknown`; a milter is then told its address in brackets
/// @param address absent addresses do not exist: mail of this machine comes from 127.0.0.1
/// @param port 0 if it is not known
public record MilterClient(String name, InetAddress address, int port) {
  /// The data of the event `CONNECT`: name, family, port and address.
  byte[] data() {
    boolean six = address instanceof Inet6Address;
    String shown = name.equals(Client.UNKNOWN) ? "[" + Literals.text(address) + "]" : name;
    byte[] host = MilterConnection.text(shown);
    byte[] numeric = MilterConnection.text((six ? "IPv6:" : "") + Literals.text(address));
    byte[] data = new byte[host.length + 3 + numeric.length];
    System.arraycopy(host, 0, data, 0, host.length);
    data[host.length] = (byte) (six ? '6' : '4');
    data[host.length + 1] = (byte) (port >> 8);
    data[host.length + 2] = (byte) port;
    System.arraycopy(numeric, 0, data, host.length + 3, numeric.length);
    return data;
  }
}
