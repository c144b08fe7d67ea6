package org.caravanmta.delivery.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.event.Events;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.message.Reason;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.tls.client.ClientTlsSettings;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;
import org.caravanmta.tls.client.TlsSections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Servers that offer TLS, or do not, or do it wrong, with certificates that are good for something
/// or not, and what is told of the TLS with them.
abstract class TlsSinksInReach {
  static final Duration LONG = Duration.ofSeconds(30);
  static final String HOST = "mx1.far.example";

  @TempDir static Path directory;
  static Authority authority;
  static Authority stranger;
  static Identity good;
  static Identity expired;
  static Identity other;
  static Identity unknown;
  static Identity client;

  final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  final InstantSource clock = now::get;
  final ZoneServer zones = ZoneServer.start("@ MX 10 mx1\nmx1 A 127.0.0.1", "far.example.");
  final List<TlsEvent> told = new CopyOnWriteArrayList<>();
  final Events.Listening listening =
      Events.listen(
          event -> {
            if (event instanceof TlsEvent tls) {
              told.add(tls);
            }
          });
  ConnectionCache connections;

  @BeforeAll
  static void certificates() throws IOException {
    authority = Authority.make(directory.resolve("ca"), "authority");
    stranger = Authority.make(directory.resolve("stranger"), "stranger");
    good = authority.issue("good", HOST, "*.wild.example");
    expired = authority.expired("expired", HOST);
    other = authority.issue("other", "other.example");
    unknown = stranger.issue("unknown", HOST);
    client = authority.issue("client", "client.example");
  }

  @BeforeEach
  void open() {
    connections =
        new ConnectionCache(new ConnectionSettings(LONG, LONG, LONG, LONG, 0, false), 10, clock);
  }

  @AfterEach
  void close() {
    listening.close();
    connections.close();
    zones.close();
  }

  Identity identity(String name) {
    return switch (name) {
      case "good" -> good;
      case "expired" -> expired;
      case "other" -> other;
      default -> unknown;
    };
  }

  static TlsSink sink(Conduct conduct, Identity identity) throws IOException {
    return TlsSink.start("127.0.0.1", 0, conduct, identity, authority);
  }

  void reopen() {
    connections.close();
    open();
  }

  TaskOutcome deliver(TlsSink sink, String policy) {
    return deliver(sink, approaches(sink, policy));
  }

  TlsSections section(String... tables) {
    return TlsSections.of(SecurityLevel.MAY, directory.resolve("ca/authority.pem"), tables)
        .showing(client.chain(), client.key());
  }

  /// What our side of TLS is made from.
  ClientTlsSettings own() {
    return section().settings();
  }

  Approaches approaches(TlsSink sink, String policy) {
    return tables("inline:{{[" + HOST + "]:" + sink.port() + " = " + policy + "}}");
  }

  Approaches tables(String... tables) {
    return approaches(false, tables);
  }

  Approaches wrapped(String policy) {
    return approaches(true, "static:" + policy);
  }

  Approaches approaches(boolean wrapped, String... tables) {
    return new ServerApproaches(
        TlsPolicies.open(section(tables).settings(), clock),
        SecurityLevel.MAY,
        wrapped,
        List.of(),
        ServerLogins.NOBODY,
        Sources.NONE,
        new Fallbacks(Duration.ofMinutes(1), clock));
  }

  TaskOutcome deliver(TlsSink sink, Approaches approaches) {
    return deliver(sink, approaches, "[" + HOST + "]:" + sink.port());
  }

  TaskOutcome deliver(TlsSink sink, Approaches approaches, String nextHop) {
    var own = RemoteExample.servers(sink.port(), AddressChoice.USUAL, Tries.USUAL, "");
    var delivery =
        new SmtpDelivery(
            new Resolver(
                new DnsSettings(List.of(NameServer.parse(zones.address())), Duration.ofSeconds(2))),
            own,
            new SmtpCaller("relay.example", LONG, LONG, LONG).with(new TlsClient(own(), clock)),
            new Ourselves("relay.example", new ArrayList<>(), Set.of()),
            approaches,
            new Destinations(
                new Limits(
                    2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
                new Load(100, 1000, LONG),
                clock),
            connections,
            ServersInReach.generic("inline:{}"),
            ServersInReach.nothingStored(),
            clock);
    return delivery.deliver(Letters.hopping(Letters.to("ann@far.example"), "smtp", nextHop));
  }

  static String reason(TaskOutcome outcome) {
    return switch (outcome.results().getFirst().attempt()) {
      case Attempt.Failed failed -> throw new AssertionError(failed);
      case Attempt.Deferred(Reason reason) -> reason.status() + " " + reason.text();
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
