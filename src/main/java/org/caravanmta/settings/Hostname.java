package org.caravanmta.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.caravanmta.address.Domain;

/// The name of this server in greetings, reports, `Received:` fields and the log (RFC 5321
/// §4.1.1.1; postfix `myhostname`).
public final class Hostname {
  private Hostname() {}

  /// The setting `hostname`, or else the name of the machine, or else `localhost`.
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
