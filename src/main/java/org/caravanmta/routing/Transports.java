package org.caravanmta.routing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.caravanmta.message.Destination;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;

/// The transports there are: those that have a queue, `delivery.NAME`, and programs of the
/// operator's (postfix `master(5)`, `pipe(8)`).
///
/// A name that is not there is tried in small letters; `relay`, Postfix's second name for SMTP, is
/// `smtp` where no route makes it a transport of its own.
public final class Transports {
  private static final String RELAY = "relay";

  /// What stands for a part of the key in a table of patterns; a number fits wherever one may be.
  private static final String SUBSTITUTED = "\\$(?:\\d|\\{\\d+}|\\(\\d+\\))";

  private final Set<String> queues;
  private final Set<String> filters;
  private final Set<String> programs;
  private final Consumer<String> endpoints;

  /// @param queues the names of those that have a queue
  /// @param filters the queues of content filters that routes consume, `filter.NAME`
  /// @param programs those that are programs of the operator's
  /// @param endpoints throws an `IllegalArgumentException` that says why a URI is not that of a
  ///   Camel endpoint
  public Transports(
      Set<String> queues, Set<String> filters, Set<String> programs, Consumer<String> endpoints) {
    this.filters = Set.copyOf(filters);
    this.queues = new TreeSet<>(queues);
    this.programs = Set.copyOf(programs);
    this.endpoints = endpoints;
  }

  /// Where a transport leads; absent when there is no transport of this name.
  Optional<Destination> find(NamedTransport named) {
    String exact = named.name();
    for (String name : List.of(exact, exact.toLowerCase(Locale.ROOT))) {
      Destination found = new NamedTransport(name, named.nextHop()).destination(programs);
      if (has(found)) {
        return Optional.of(found);
      }
    }
    var relayed = new Destination.Plain(Transport.SMTP, named.nextHop());
    return exact.equalsIgnoreCase(RELAY) && has(relayed) ? Optional.of(relayed) : Optional.empty();
  }

  /// Whether a route of content filters consumes a queue.
  boolean hasFilter(String queue) {
    return filters.contains(queue);
  }

  boolean has(Destination destination) {
    return queues.contains(destination.transport());
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
    if (!entry.equals(value.strip())
        && find(NamedTransport.parse(entry, "")).orElse(null) instanceof Destination.Endpoint) {
      throw new IllegalArgumentException(
          "$1 and its like are not for the URI of an endpoint: senders are strangers");
    }
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

  /// Fit for a content filter: a route of filters, `filter.NAME:`, or a transport.
  ///
  /// @throws IllegalArgumentException says why mail would wait forever
  public void expectFilter(String value) {
    String name = NamedTransport.parse(value, "").name();
    if (!Queues.isFilter(name)) {
      expect(value);
    } else if (!hasFilter(name)) {
      throw new IllegalArgumentException(
          "no route consumes artemis:%s; there are %s"
              .formatted(
                  name, filters.isEmpty() ? "none" : String.join(", ", new TreeSet<>(filters))));
    }
  }

  /// @param value `transport` or `transport:nexthop`
  /// @throws IllegalArgumentException says why mail would wait forever
  public void expect(String value) {
    NamedTransport named = NamedTransport.parse(value, "");
    Destination found =
        find(named)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no transport %s; there are %s"
                            .formatted(named.name(), String.join(", ", known()))));
    if (found instanceof Destination.Endpoint(String uri)) {
      endpoints.accept(uri);
      return;
    }
    if (named.nextHop().isEmpty() || !(found instanceof Destination.Plain plain)) {
      return; // what is written may be a text, or in the notation of a transport of the operator's
    }
    switch (plain.way().notation()) {
      case HOSTS -> expectHosts(plain.nextHop());
      case SERVERS -> plain.servers();
      case DOMAIN, NOTE, PROGRAM, FILTER, ENDPOINT, REFUSAL -> {
        // nothing is wrong there
      }
    }
  }

  private static void expectHosts(String text) {
    for (NextHop hop : NextHopReader.list(text)) {
      if (hop instanceof NextHop.Socket(String path)) {
        throw new IllegalArgumentException("unix:" + path + " is a next hop of lmtp only");
      }
    }
  }

  private Set<String> known() {
    var known = new TreeSet<>(queues);
    known.addAll(programs);
    // sockets of filters and arguments of programs have names of their own
    known.removeAll(Set.of(Transport.PIPE.key(), Transport.FILTER.key()));
    return known;
  }
}
