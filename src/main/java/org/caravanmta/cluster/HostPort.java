package org.caravanmta.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// Where another machine is reached: a name or an address, and a port.
///
/// @param host without brackets, also of an IPv6 address
public record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([A-Za-z0-9._-]+)):(\\d{1,5})");

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private static final int LAST_PORT = 65535;

  public HostPort {
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(port + " is not a port");
    }
  }

  /// Reads `n1.example.org:2181`, `192.0.2.1:2181` or `[2001:db8::1]:2181`.
  ///
  /// @throws IllegalArgumentException if it is none
  public static HostPort parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not a host and port");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new HostPort(host, Integer.parseInt(form.group(3)));
  }

  /// Whether the host is a name that stands for this machine's loopback here, as Debian's
  /// `/etc/hosts` has it for a machine's own name: no other machine reaches what listens there.
  /// This resolves the name.
  public boolean isNameOfLoopback() {
    if (host.equals("localhost") || ADDRESS.matcher(host).matches()) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// As it is written in settings.
  @Override
  public String toString() {
    return bracketed() + ":" + port;
  }

  /// The host as it is written before a port.
  public String bracketed() {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
