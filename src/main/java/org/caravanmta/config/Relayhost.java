package org.caravanmta.config;

import java.util.regex.Pattern;

/// Where mail for other domains goes (Postfix: relayhost): `example.net`, by its MX;
/// `[mx.example.net]` or `[192.0.2.1]`, that host; each with `:port` or without. The form is that
/// of an SMTP next hop.
public record Relayhost(String nextHop) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[[0-9A-Za-z._:-]+\\]|[0-9A-Za-z_](?:[0-9A-Za-z._-]*))(?::(\\d{1,5}))?");

  public Relayhost {
    var form = FORM.matcher(nextHop);
    if (!form.matches() || form.group(1) != null && !isPort(form.group(1))) {
      throw new IllegalArgumentException("\"" + nextHop + "\" is not a next hop");
    }
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port < 65536;
  }

  @Override
  public String toString() {
    return nextHop;
  }
}
