package org.caravanmta.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// IP addresses written as text, with or without the brackets of an address literal (RFC 5321
/// §4.1.3). Whatever we write has one notation, so that one search finds an address in the log, in
/// replies, in fields and in tables.
public final class Literals {
  private static final Pattern FOUR =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final Pattern ENDPOINT =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");

  private Literals() {}

  /// The address that `192.0.2.1`, `2001:db8::1`, `[192.0.2.1]` or `[IPv6:2001:db8::1]` names;
  /// empty for anything else, such as a host name.
  public static Optional<InetAddress> address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (Ascii.begins(bare, "IPv6:")) {
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

  /// A literal address and a port, `127.0.0.1:2525` or `[::1]:2525`; 0 is any free port. Names are
  /// not resolved.
  ///
  /// @throws IllegalArgumentException if it is not both
  public static InetSocketAddress endpoint(String text) {
    var form = ENDPOINT.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not an address and port");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(form.group(3)));
  }

  /// The text of an address, IPv6 in its short form (RFC 5952 §4): `192.0.2.1`, `2001:db8::1`.
  public static String text(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    int zeros = 0; // where the longest run of zeros starts
    int longest = 1; // a single group of zero is written out
    for (int i = 0, run = 0; i < 8; i++) {
      run = groups[i] == 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        zeros = i + 1 - run;
      }
    }
    var text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (longest > 1 && i == zeros) {
        text.append("::");
        i += longest - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
            .append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /// An address of this machine, with the interface that it is good on: `fe80::1%eth0` (RFC 4007
  /// §11).
  public static String scoped(InetAddress address) {
    String whole = address instanceof Inet6Address ? address.getHostAddress() : "";
    int scope = whole.indexOf('%');
    return scope < 0 ? text(address) : text(address) + whole.substring(scope);
  }

  /// Likewise with a port: `192.0.2.1:25`, `[2001:db8::1]:25`.
  public static String scoped(InetSocketAddress address) {
    String text = scoped(address.getAddress());
    return (text.contains(":") ? "[" + text + "]" : text) + ":" + address.getPort();
  }
}
