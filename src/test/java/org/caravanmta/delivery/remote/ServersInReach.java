package org.caravanmta.delivery.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Cases;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.AfterEach;

/// A domain with mail exchangers, and deliveries to them. They are told apart by their loopback
/// addresses; all are asked on the port of the first server that a test starts.
abstract class ServersInReach {
  static final Duration LONG = Duration.ofSeconds(30);

  final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  final InstantSource clock = now::get;
  final ZoneServer zones = ZoneServer.start("@ MX 10 mx1", "far.example.");
  final TestServer server = TestServer.start();

  final ConnectionCache connections =
      new ConnectionCache(
          new ConnectionSettings(LONG, LONG, LONG, Duration.ofSeconds(10), 0, false),
          10,
          InstantSource.system());

  Destinations destinations =
      new Destinations(
          new Limits(2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
          new Load(100, 1000, LONG),
          clock);

  Generic generic = generic("inline:{}");
  final List<InetSocketAddress> listeners = new ArrayList<>();
  final Set<InetAddress> outside = new HashSet<>();
  SmtpCaller caller = caller();
  Tries tries = Tries.USUAL;
  AddressChoice addresses = AddressChoice.USUAL;
  String fallback = "";
  Approaches approaches = Approaches.PLAIN;

  @AfterEach
  void close() {
    connections.close();
    server.close();
    zones.close();
  }

  static Generic generic(String table) {
    return new Generic(
        Cases.search("ex.example", table), new Origin(new Domain("ex.example")), false);
  }

  /// A server on the same port of 127.0.0.2.
  TestServer sibling() {
    return TestServer.start(new InetSocketAddress("127.0.0.2", server.port()));
  }

  TaskOutcome deliver(String nextHop, Mail mail) {
    var delivery =
        new SmtpDelivery(
            resolver(),
            RemoteExample.servers(server.port(), addresses, tries, fallback),
            caller,
            new Ourselves("relay.example", listeners, outside),
            approaches,
            destinations,
            connections,
            generic,
            nothingStored(),
            clock);
    return delivery.deliver(Letters.hopping(mail, "smtp", nextHop));
  }

  Resolver resolver() {
    return new Resolver(
        new DnsSettings(List.of(NameServer.parse(zones.address())), Duration.ofSeconds(2)));
  }

  static SmtpCaller caller() {
    return new SmtpCaller("relay.example", LONG, LONG, LONG);
  }

  static Bodies nothingStored() {
    return stored -> {
      throw new IOException("nothing is stored");
    };
  }

  static Reason reason(TaskOutcome outcome) {
    return switch (outcome.results().getFirst().attempt()) {
      case Attempt.Failed(Reason reason) -> reason;
      case Attempt.Deferred(Reason reason) -> reason;
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
