package org.caravanmta.message;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A transport and a next hop, `transport:nexthop`, as an operator writes them in a table or a
/// setting (postfix `transport(5)`). Which {@link Destination} that is depends on the transports
/// there are.
///
/// @param name as the operator wrote it, but `error` and `retry` in lower case
/// @param nextHop in the transport's own notation; may be empty
public record NamedTransport(String name, String nextHop) {
  private static final String ERROR = Transport.ERROR.key();

  /// The name by which the transport `error` defers mail.
  private static final String RETRY = "retry";

  /// Reads a content filter, `transport:nexthop` (postfix `header_checks(5)`, FILTER). An empty
  /// next hop stands for the domain of each recipient.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static NamedTransport filter(String value) {
    String text = value.strip();
    if (!text.matches("[A-Za-z][\\w.-]*:\\S*")) {
      throw new IllegalArgumentException(
          "expected FILTER transport:destination such as smtp:[127.0.0.1]:10025, found \""
              + EndpointUri.shownIn(text)
              + "\"");
    }
    NamedTransport named = parse(text, "");
    if (named.name().equalsIgnoreCase(Transport.CAMEL.key())) {
      // rules may put what strangers have written into it
      throw new IllegalArgumentException(
          "camel: is not a content filter; a transport table may name it");
    }
    return named;
  }

  /// Marks the way that the operator has given a message (`caravan queue reroute`); no transport
  /// has this name.
  private static final String INSTEAD = "->";

  /// A way that a message takes whatever tables say, in place of a content filter.
  public static NamedTransport rerouted(NamedTransport where) {
    return new NamedTransport(INSTEAD, where.kept());
  }

  /// The way, if this is one that the operator has given a message and not a content filter.
  public Optional<NamedTransport> instead() {
    return name.equals(INSTEAD) ? Optional.of(parse(nextHop, "")) : Optional.empty();
  }

  /// The transport that returns mail.
  ///
  /// @param text `5.1.1 User unknown`
  public static NamedTransport returning(String text) {
    return new NamedTransport(ERROR, text);
  }

  /// Reads `transport` or `transport:nexthop`.
  ///
  /// @param otherwise the next hop if none is named; not for `error`, `retry` and `discard`, whose
  ///   next hop is a text that may be empty
  public static NamedTransport parse(String value, String otherwise) {
    int colon = value.indexOf(':');
    String name = (colon < 0 ? value : value.substring(0, colon)).strip();
    String nextHop = colon < 0 ? "" : value.substring(colon + 1).strip();
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals(ERROR) || lower.equals(RETRY)) {
      return new NamedTransport(lower, nextHop);
    }
    return new NamedTransport(name, nextHop.isEmpty() && !isNote(lower) ? otherwise : nextHop);
  }

  private static boolean isNote(String name) {
    return Transport.named(name)
        .filter(known -> known.notation() == Transport.Notation.NOTE)
        .isPresent();
  }

  /// Whether the transport fails or defers all mail, so that the next hop says why.
  public boolean refuses() {
    return name.equals(ERROR) || name.equals(RETRY);
  }

  /// The same transport with another next hop.
  public NamedTransport to(String changed) {
    return new NamedTransport(name, changed);
  }

  /// The destination that this names, if there is a transport of exactly this name.
  ///
  /// @param programs names of the operator's programs, which are transports too
  public Destination destination(Set<String> programs) {
    if (programs.contains(name)) {
      return new Destination.Program(name, nextHop);
    }
    if (name.equals(RETRY)) {
      return new Destination.Retry(Destination.Why.parse(nextHop));
    }
    return name.equals(ERROR) ? Destination.Fail.of(nextHop) : Destination.of(name, nextHop);
  }

  /// `transport:nexthop`, with what only the transport may know; for queues.
  public String kept() {
    return name + ":" + nextHop;
  }

  /// `transport:nexthop`, as the operator writes it, without the passwords of a Camel endpoint.
  @Override
  public String toString() {
    return EndpointUri.shownIn(kept());
  }

  /// Checks a setting that names a transport.
  ///
  /// @throws IllegalArgumentException says what is wrong with `key`
  public static void require(String key, String value) {
    if (!value.matches("[A-Za-z][A-Za-z0-9._-]*(?::.*)?")) {
      throw new IllegalArgumentException(key + " must be a transport, NAME or NAME:NEXTHOP");
    }
  }
}
