package org.caravanmta.message;

import java.util.Locale;
import java.util.Set;

/// Where a delivery task goes: the transport, and what it delivers to.
///
/// @param transport `smtp`, `lmtp`, `local`, `error`, `discard`, …: the queue
///   `delivery.<transport>` takes it
/// @param nextHop in the transport's own syntax: `example.org` (by MX), `[relay.example.org]:2525`
///   (that host), …
public record Hop(String transport, String nextHop) {
  private static final Set<String> TEXTS = Set.of("error", "retry");

  /// Reads a content filter, `transport:nexthop`; the next hop may be empty, for each recipient's
  /// domain (postfix `header_checks(5)`, FILTER).
  ///
  /// @throws IllegalArgumentException says what was expected
  public static Hop filter(String value) {
    String text = value.strip();
    if (!text.matches("[A-Za-z][\\w.-]*:\\S*")) {
      throw new IllegalArgumentException(
          "expected FILTER transport:destination such as smtp:[127.0.0.1]:10025, found \""
              + text
              + "\"");
    }
    return parse(text, "");
  }

  /// Reads `transport` or `transport:nexthop` as the operator writes it (postfix `transport(5)`);
  /// `error:` and `retry:` are both the transport `error`, with their text.
  ///
  /// @param unsaid the next hop when none is named
  public static Hop parse(String value, String unsaid) {
    int colon = value.indexOf(':');
    String transport = (colon < 0 ? value : value.substring(0, colon)).strip();
    String nextHop = colon < 0 ? "" : value.substring(colon + 1).strip();
    String lower = transport.toLowerCase(Locale.ROOT);
    if (TEXTS.contains(lower)) {
      return new Hop("error", lower + ":" + nextHop);
    }
    boolean text = lower.equals("discard");
    return new Hop(transport, nextHop.isEmpty() && !text ? unsaid : nextHop);
  }

  /// The same, through the transport `pipe` when it is the name of a program of the operator's.
  public Hop through(Set<String> programs) {
    return programs.contains(transport) ? new Hop("pipe", transport + ":" + nextHop) : this;
  }

  /// As the operator writes it.
  @Override
  public String toString() {
    return transport + ":" + nextHop;
  }
}
