package org.caravanmta.filter.contract;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Where a content filter is, as operators write it: `inet:127.0.0.1:8891`, `inet:[::1]:8891`,
/// `unix:/run/filter.sock`; also as sendmail does, `inet:8891@localhost` and `local:/run/f.sock`.
///
/// @param written as the operator wrote it
public record FilterAddress(String written, Place place) {
  private static final Pattern INET =
      Pattern.compile("inet6?:(\\[[^]\\s]+]|[^:\\[\\]@\\s]+):(\\d{1,5})");
  private static final Pattern REVERSED =
      Pattern.compile("inet6?:(\\d{1,5})@(\\[[^]\\s]+]|[^@\\s]+)");
  private static final Pattern LOCAL = Pattern.compile("(?:unix|local):(/\\S+)");

  /// What the address stands for.
  public sealed interface Place {
    /// A port of a machine; its name is looked up at each connection.
    record Port(String host, int number) implements Place {}

    /// A socket on this machine.
    record Socket(Path path) implements Place {}
  }

  /// Reads an address.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static FilterAddress parse(String written) {
    var inet = INET.matcher(written);
    if (inet.matches()) {
      return new FilterAddress(written, port(inet.group(1), inet.group(2), written));
    }
    var reversed = REVERSED.matcher(written);
    if (reversed.matches()) {
      return new FilterAddress(written, port(reversed.group(2), reversed.group(1), written));
    }
    var local = LOCAL.matcher(written);
    if (local.matches()) {
      return new FilterAddress(written, new Place.Socket(Path.of(local.group(1))));
    }
    throw expected(written);
  }

  private static Place port(String host, String number, String written) {
    int port = Integer.parseInt(number);
    if (port < 1 || port > 65_535) {
      throw expected(written);
    }
    return new Place.Port(host.replaceAll("[\\[\\]]", ""), port);
  }

  private static IllegalArgumentException expected(String written) {
    return new IllegalArgumentException(
        "expected the address of a filter such as inet:127.0.0.1:8891 or unix:/run/filter.sock,"
            + " found \""
            + written
            + "\"");
  }

  /// The address to connect to; looks up a name, and so may wait.
  SocketAddress resolved() {
    return switch (place) {
      case Place.Port(String host, int number) -> new InetSocketAddress(host, number);
      case Place.Socket(Path path) -> UnixDomainSocketAddress.of(path);
    };
  }

  @Override
  public String toString() {
    return written;
  }
}
