package org.caravanmta.dns;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// IP addresses written as text, with or without the brackets of an address literal (RFC 5321
/// §4.1.3).
public final class Literals {
  private static final Pattern FOUR =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Literals() {}

  /// The address that `192.0.2.1`, `2001:db8::1`, `[192.0.2.1]` or `[IPv6:2001:db8::1]` names;
  /// empty for anything else, such as a host name.
  public static Optional<InetAddress> address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (bare.regionMatches(true, 0, "IPv6:", 0, 5)) {
      bare = bare.substring(5);
    }
    if (!FOUR.matcher(bare).matches() && !SIX.matcher(bare).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
