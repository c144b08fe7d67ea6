package org.caravanmta.delivery.schedule;

import java.util.regex.Pattern;

/// Next hops that are on this machine: each node of a cluster has another one of that name.
final class Loopback {
  private static final Pattern HERE =
      Pattern.compile(
          "(?:smtp:|lmtp:)?(?:inet:)?(?:unix:.*|\\[?(?:localhost|127(?:\\.\\d{1,3}){3}|(?:ipv6:)?::1)]?(?::[^:]*)?)",
          Pattern.CASE_INSENSITIVE);

  private Loopback() {}

  /// @param nextHop `[127.0.0.1]:10025`, `unix:/run/store`, `mx.example.net`
  static boolean is(String nextHop) {
    return HERE.matcher(nextHop).matches();
  }
}
