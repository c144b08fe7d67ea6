package org.caravanmta.routing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.message.Hop;
import org.caravanmta.message.NextHop;

/// The transports there are: those that have a queue, `delivery.NAME`, and programs of the
/// operator's (postfix `master(5)`, `pipe(8)`).
///
/// A name that is not there is tried in small letters; `relay`, Postfix's second name for SMTP, is
/// `smtp` where no route makes it a transport of its own.
public final class Transports {
  private static final String SMTP = "smtp";
  private static final String RELAY = "relay";
  private static final String LMTP = "lmtp";

  /// What stands for a part of the key in a table of patterns; a number fits wherever one may be.
  private static final String SUBSTITUTED = "\\$(?:\\d|\\{\\d+}|\\(\\d+\\))";

  private final Set<String> queues;
  private final Set<String> programs;

  /// @param queues the names of those that have a queue
  /// @param programs those that are programs of the operator's
  public Transports(Set<String> queues, Set<String> programs) {
    this.queues = new TreeSet<>(queues);
    this.programs = Set.copyOf(programs);
  }

  /// The way by a transport that there is; absent when there is none of its name.
  Optional<Hop> find(Hop named) {
    String exact = named.transport();
    for (String name : List.of(exact, exact.toLowerCase(Locale.ROOT))) {
      Hop hop = new Hop(name, named.nextHop()).through(programs);
      if (queues.contains(hop.transport())) {
        return Optional.of(hop);
      }
    }
    return exact.equalsIgnoreCase(RELAY) && queues.contains(SMTP)
        ? Optional.of(new Hop(SMTP, named.nextHop()))
        : Optional.empty();
  }

  /// Fit for a value of a transport table: `transport:nexthop`, `transport`, `:nexthop`, `:` or
  /// nothing (postfix `transport(5)`).
  ///
  /// @throws IllegalArgumentException says why mail would wait forever
  public void expectEntry(String value) {
    String entry = value.strip().replaceAll(SUBSTITUTED, "1");
    if (!entry.isEmpty() && !entry.startsWith(":")) {
      expect(entry);
    }
  }

  /// Fit for a sender's transport: one that there is; `dunno` and nothing are as for others.
  ///
  /// @throws IllegalArgumentException says why mail would wait forever
  public void expectSenders(String value) {
    String entry = value.strip().replaceAll(SUBSTITUTED, "1");
    if (!entry.isEmpty() && !entry.equalsIgnoreCase("dunno")) {
      expect(entry);
    }
  }

  /// Fit for the next hop of mail that we do not deliver, by SMTP; `dunno` and nothing are as for
  /// others.
  ///
  /// @throws IllegalArgumentException names what is not a next hop
  public static void expectRelayhost(String value) {
    String entry = value.strip().replaceAll(SUBSTITUTED, "1");
    if (!entry.isEmpty() && !entry.equalsIgnoreCase("dunno")) {
      expectHosts(entry);
    }
  }

  /// @param value `transport` or `transport:nexthop`
  /// @throws IllegalArgumentException says why mail would wait forever
  public void expect(String value) {
    Hop named = Hop.parse(value, "");
    Hop hop =
        find(named)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no transport %s; there are %s"
                            .formatted(named.transport(), String.join(", ", known()))));
    if (hop.nextHop().isEmpty()) {
      return;
    }
    switch (hop.transport()) {
      case SMTP -> expectHosts(hop.nextHop());
      case LMTP -> NextHop.list(hop.nextHop());
      default -> {
        // a text, a program's argument, or the notation of a transport of the operator's
      }
    }
  }

  private static void expectHosts(String text) {
    for (NextHop hop : NextHop.list(text)) {
      if (hop instanceof NextHop.Socket(String path)) {
        throw new IllegalArgumentException("unix:" + path + " is a next hop of lmtp only");
      }
    }
  }

  private Set<String> known() {
    var known = new TreeSet<>(queues);
    known.addAll(programs);
    // sockets of filters and arguments of programs have names of their own
    known.removeAll(Set.of("pipe", "filter"));
    return known;
  }
}
