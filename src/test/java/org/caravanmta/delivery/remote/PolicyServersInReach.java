package org.caravanmta.delivery.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.mtasts.MtaSts;
import org.caravanmta.mtasts.PolicyServer;
import org.caravanmta.mtasts.WebServers;
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

/// A name server, a web server and mail servers of a test's own, for what decides about TLS and
/// about where a server is called from.
abstract class PolicyServersInReach {
  static final Duration LONG = Duration.ofSeconds(30);
  static final InstantSource CLOCK = InstantSource.system();
  @TempDir static Path directory;
  static Authority authority;
  static Identity good;
  static Identity stranger;
  static Identity expired;
  static Identity other;
  static Identity website;
  @TempDir Path kept;
  ZoneServer zones;
  PolicyServer web;
  MtaSts sts;
  ConnectionCache connections;
  String table = "";
  SecurityLevel level = SecurityLevel.MAY;
  Sources sources = Sources.NONE;

  @BeforeAll
  static void certificates() throws IOException {
    authority = Authority.make(directory.resolve("ca"), "authority");
    good = authority.issue("good", "mx.hoster.example");
    stranger =
        Authority.make(directory.resolve("stranger"), "stranger")
            .issue("unknown", "mx.hoster.example");
    expired = authority.expired("expired", "mx.hoster.example");
    other = authority.issue("other", "mx.other.example");
    website = authority.issue("web", "mta-sts.far.example", "mta-sts.near.example");
  }

  @BeforeEach
  void open() throws Exception {
    zones =
        ZoneServer.start(
            """
            mx.hoster.example. A 127.0.0.1
            far.example. MX 10 mx.hoster.example.
            _mta-sts.far.example. TXT "v=STSv1; id=1;"
            mta-sts.far.example. A 127.0.0.1
            near.example. MX 10 mx.hoster.example.
            none.example. MX 10 mx.hoster.example.
            """,
            "example.");
    web = new PolicyServer(website, authority, policy("enforce", "mx.hoster.example"));
    sts =
        new MtaSts(
            names(),
            new WebServers(names(), web.port(), LONG, web.trusted()),
            kept.resolve("mta-sts"),
            CLOCK);
    connections =
        new ConnectionCache(new ConnectionSettings(LONG, LONG, LONG, LONG, 0, false), 10, CLOCK);
  }

  @AfterEach
  void close() {
    connections.close();
    sts.close();
    web.close();
    zones.close();
  }

  static PolicyServer.Answer policy(String mode, String mx) {
    return PolicyServer.text(
        "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 86400\n");
  }

  static Mail mail(String recipient) {
    return Letters.to(recipient);
  }

  Resolver names() {
    return new Resolver(new DnsSettings(List.of(NameServer.parse(zones.address())), LONG));
  }

  static TlsSink sink(Conduct conduct, Identity identity) throws IOException {
    return TlsSink.start("127.0.0.1", 0, conduct, identity, authority);
  }

  RecipientResult deliver(TlsSink sink, Mail mail) {
    return deliver(sink, mail, destinations());
  }

  static Destinations destinations() {
    return destinations(Shaping.usual());
  }

  static Destinations destinations(Shaping shaping) {
    return new Destinations(
        new Limits(2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
        new Load(100, 1000, LONG),
        shaping,
        ReplyRules.NONE,
        CLOCK);
  }

  RecipientResult deliver(TlsSink sink, Mail mail, Destinations destinations) {
    ClientTlsSettings settings =
        TlsSections.of(level, directory.resolve("ca/authority.pem"), tables()).settings();
    var delivery =
        new SmtpDelivery(
            names(),
            RemoteExample.servers(sink.port(), AddressChoice.USUAL, Tries.USUAL, ""),
            new SmtpCaller("relay.example", LONG, LONG, LONG).with(new TlsClient(settings, CLOCK)),
            new Ourselves("relay.example", new ArrayList<>(), Set.of()),
            new ServerApproaches(
                TlsPolicies.open(settings, CLOCK),
                level,
                false,
                List.of(SenderRule.first(), new StsRule(sts), SenderRule.last()),
                ServerLogins.NOBODY,
                sources,
                new Fallbacks(Duration.ZERO, CLOCK)),
            destinations,
            connections,
            ServersInReach.generic("inline:{}"),
            ServersInReach.nothingStored(),
            CLOCK);
    String domain = mail.recipients().getFirst().address().domain().name();
    return delivery.deliver(Letters.hopping(mail, "smtp", domain)).results().getFirst();
  }

  String[] tables() {
    return table.isEmpty() ? new String[0] : new String[] {"static:" + table};
  }

  static String waits(RecipientResult result) {
    return switch (result.attempt()) {
      case Attempt.Deferred(Reason reason) -> reason.status() + " " + reason.text();
      case Attempt other -> throw new AssertionError(other);
    };
  }
}
