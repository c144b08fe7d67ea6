package org.caravanmta.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.address.Literals;
import org.jspecify.annotations.Nullable;

/// Reads {@link NextHop}s as settings and tables write them (postfix `transport(5)`).
public final class NextHopReader {
  private static final Pattern SOCKET = Pattern.compile("unix:(\\S+)");
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]+)](?::(.+))?");
  private static final Pattern PLAIN = Pattern.compile("([^\\[\\]:/]+)(?::(.+))?");
  private static final Pattern WEIGHT = Pattern.compile("[1-9]\\d{0,3}");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}._-]*[\\p{L}\\p{M}\\p{N}_])?\\.?");

  private static final String INET = "inet:";
  private static final String IPV6 = "ipv6:";

  private NextHopReader() {}

  /// The next hops of a text, at least one, in the order in which they are written.
  ///
  /// @throws IllegalArgumentException names what is not a next hop
  public static List<NextHop> list(String text) {
    return sets(text).stream()
        .flatMap(set -> set.members().stream())
        .map(NextHopSet.Weighted::hop)
        .toList();
  }

  /// The next hops of a text, at least one, in the order in which they are tried; those joined by
  /// `|` share the load.
  ///
  /// @throws IllegalArgumentException names what is not a next hop
  public static List<NextHopSet> sets(String text) {
    List<NextHopSet> hops =
        Arrays.stream(text.strip().split("[\\s,]+"))
            .filter(item -> !item.isEmpty())
            .map(NextHopReader::set)
            .toList();
    if (hops.isEmpty()) {
      throw new IllegalArgumentException("an empty next hop");
    }
    return hops;
  }

  private static NextHopSet set(String item) {
    return new NextHopSet(
        Arrays.stream(item.split("\\|", -1)).map(member -> weighted(member, item)).toList());
  }

  private static NextHopSet.Weighted weighted(String member, String item) {
    int star = member.lastIndexOf('*');
    if (star < 0) {
      return new NextHopSet.Weighted(read(member), 1);
    }
    String weight = member.substring(star + 1);
    if (!WEIGHT.matcher(weight).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a weight from 1 to 9999, in \"%s\"".formatted(weight, item));
    }
    return new NextHopSet.Weighted(read(member.substring(0, star)), Integer.parseInt(weight));
  }

  /// @throws IllegalArgumentException if `item` is not a next hop
  private static NextHop read(String item) {
    Matcher socket = SOCKET.matcher(item);
    if (socket.matches()) {
      return new NextHop.Socket(socket.group(1));
    }
    boolean inet = item.startsWith(INET);
    String text = inet ? item.substring(INET.length()) : item;
    Matcher bracketed = BRACKETED.matcher(text);
    if (bracketed.matches()) {
      return new NextHop.Host(
          address(bracketed.group(1), item), port(bracketed.group(2), item), true);
    }
    Matcher plain = PLAIN.matcher(text);
    if (plain.matches() && NAME.matcher(plain.group(1)).matches()) {
      return new NextHop.Host(plain.group(1), port(plain.group(2), item), inet);
    }
    throw new IllegalArgumentException(
        "\"%s\" is not a next hop such as example.org, [192.0.2.1]:25 or unix:/path"
            .formatted(item));
  }

  /// A name or an address; an address may be written as in a domain literal (RFC 5321 §4.1.3).
  private static String address(String inside, String item) {
    boolean marked = inside.toLowerCase(Locale.ROOT).startsWith(IPV6);
    String host = marked ? inside.substring(IPV6.length()) : inside;
    if (marked || host.indexOf(':') >= 0
        ? Literals.address("[IPv6:" + host + "]").isEmpty()
        : !NAME.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is neither a host nor an address, in \"%s\"".formatted(inside, item));
    }
    return host;
  }

  private static Optional<Integer> port(@Nullable String given, String item) {
    if (given == null) {
      return Optional.empty();
    }
    Optional<Integer> port =
        given.matches("\\d{1,5}")
            ? Optional.of(Integer.parseInt(given)).filter(p -> p > 0 && p < 65536)
            : Services.port(given);
    if (port.isEmpty()) {
      throw new IllegalArgumentException("\"%s\" is not a port, in \"%s\"".formatted(given, item));
    }
    return port;
  }
}
