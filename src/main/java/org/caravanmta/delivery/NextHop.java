package org.caravanmta.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Where SMTP or LMTP goes, as Postfix writes it: `example.org` and `example.org:587` by MX,
/// `[mx.example.org]`, `[192.0.2.1]:2525` and `inet:host:port` to that host.
///
/// @param host without brackets
/// @param direct whether MX records are not asked for
record NextHop(String host, int port, boolean direct) {
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]+)](?::(\\w+))?");
  private static final Pattern PLAIN = Pattern.compile("([^\\[\\]:]+)(?::(\\w+))?");
  private static final String INET = "inet:";

  /// Next hops separated by commas or spaces, to be tried in this order.
  ///
  /// @throws IllegalArgumentException names what is no next hop
  static List<NextHop> list(String text, int port) {
    List<NextHop> hops =
        Arrays.stream(text.strip().split("[\\s,]+"))
            .filter(item -> !item.isEmpty())
            .map(item -> parse(item, port))
            .toList();
    if (hops.isEmpty()) {
      throw new IllegalArgumentException("an empty next hop");
    }
    return hops;
  }

  private static NextHop parse(String item, int usual) {
    boolean inet = item.startsWith(INET);
    String text = inet ? item.substring(INET.length()) : item;
    var bracketed = BRACKETED.matcher(text);
    var plain = PLAIN.matcher(text);
    if (bracketed.matches()) {
      return new NextHop(bracketed.group(1), port(bracketed.group(2), usual, item), true);
    }
    if (plain.matches()) {
      return new NextHop(plain.group(1), port(plain.group(2), usual, item), inet);
    }
    throw new IllegalArgumentException(
        "\"" + item + "\" is not a next hop such as example.org or [192.0.2.1]:25");
  }

  private static int port(String given, int usual, String item) {
    return switch (given) {
      case null -> usual;
      case "smtp" -> 25;
      case "lmtp" -> 24;
      case "submission" -> 587;
      case String number when number.matches("[1-9]\\d{0,4}") && Integer.parseInt(number) < 65536 ->
          Integer.parseInt(number);
      case String other ->
          throw new IllegalArgumentException(
              "\"" + other + "\" is not a port, in \"" + item + "\"");
    };
  }
}
