package org.caravanmta.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.caravanmta.address.Domain;

/// The name by which the server greets, reports, stamps and logs (RFC 5321 §4.1.1.1).
public final class Hostname {
  private Hostname() {}

  /// The setting, or the machine's.
  public static String of(Settings settings) {
    return settings.hostname().map(Domain::name).orElseGet(Hostname::machine);
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
