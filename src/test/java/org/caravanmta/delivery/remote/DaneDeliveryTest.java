package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.Dnssec;
import org.caravanmta.dns.DnssecSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.message.Reason;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.SignedZones;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;
import org.caravanmta.tls.client.TlsSections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail to the exchangers of domains in real signed zones (NSD, Unbound), by the levels `dane` and
/// `dane-only` (RFC 7672): what each kind of domain comes to.
class DaneDeliveryTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir static Path directory;
  private static Path authority;
  private static TlsSink sink;
  private static TlsSink clear;
  private static SignedZones zones;
  private static String validating;

  @BeforeAll
  static void start() throws Exception {
    var made = Authority.make(directory.resolve("ca"), "authority");
    var nobody = Authority.make(directory.resolve("nobody"), "authority");
    authority = directory.resolve("nobody/authority.pem");
    Identity identity = made.issue("server", "anchored.good.example");
    sink = TlsSink.start("127.0.0.1", 0, Conduct.OFFERS, identity, nobody);
    clear = TlsSink.start("127.0.0.2", sink.port(), Conduct.NO_TLS, identity, nobody);
    String wrong = "3 1 1 " + "00".repeat(32);
    String anchor = "2 0 0 " + HexFormat.of().formatHex(made.certificate().getEncoded());
    zones =
        SignedZones.in(directory.resolve("dns"))
            .signed(
                "good.example",
                host("valid", identity.tlsa())
                    + host("wrong", wrong)
                    + host("rolled", wrong, identity.tlsa())
                    + host("none")
                    + host("pkix", "1 1 1 " + "00".repeat(32))
                    + host("spoiled", identity.tlsa())
                    + host("anchored", anchor)
                    + host("misnamed", anchor)
                    + host("stripped", identity.tlsa()).replace("A 127.0.0.1", "A 127.0.0.2")
                    + """
                    second MX 10 spoiled
                    second MX 20 valid
                    hosted MX 10 alias
                    alias CNAME mx.plain.example.
                    _%1$d._tcp.alias TLSA %2$s
                    """
                        .formatted(sink.port(), identity.tlsa()),
                "_" + sink.port() + "._tcp.spoiled")
            .unsigned(
                "plain.example",
                host("mx", identity.tlsa())
                    + "good MX 10 valid.good.example.\nbad MX 10 wrong.good.example.")
            .bogus("forged.example", host("mx", identity.tlsa()))
            .start();
    validating = zones.validating();
  }

  @AfterAll
  static void stop() throws Exception {
    zones.close();
    sink.close();
    clear.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "valid.good.example    | dane      | dane@dane",
        "valid.good.example    | dane-only | dane-only@dane",
        "rolled.good.example   | dane-only | dane-only@dane",
        "anchored.good.example | dane-only | dane-only@dane",
        "hosted.good.example   | dane-only | dane-only@dane",
        "second.good.example   | dane      | dane@dane",
        "none.good.example     | dane      | may",
        "pkix.good.example     | dane      | encrypt@dane",
        "mx.plain.example      | dane      | may",
        "good.plain.example    | dane      | dane@dane",
      })
  void reachesAServerThatProvesWhatTheDnsSays(String domain, String level, String shown)
      throws Exception {
    int before = sink.taken().size();
    TaskOutcome outcome = deliver(domain, level, validating);
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(outcome.results().getFirst().tls()).isEqualTo(shown);
    assertThat(sink.taken()).hasSize(before + 1);
    assertThat(sink.taken().getLast().protocol()).isEqualTo("TLSv1.3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wrong.good.example    | dane      | 4.7.5 Server certificate not verified",
        "wrong.good.example    | dane-only | 4.7.5 Server certificate not verified",
        "misnamed.good.example | dane      | 4.7.5 Server certificate not verified",
        "bad.plain.example     | dane      | 4.7.5 Server certificate not verified",
        "spoiled.good.example  | dane      | 4.7.5 mail is withheld from spoiled.good.example here:"
            + " TLSA lookup error for _PORT._tcp.spoiled.good.example",
        "spoiled.good.example  | dane-only | 4.7.5 mail is withheld from spoiled.good.example here:"
            + " TLSA lookup error for _PORT._tcp.spoiled.good.example",
        "none.good.example     | dane-only | 4.7.5 mail is withheld from none.good.example here: no"
            + " TLSA records of none.good.example:PORT",
        "pkix.good.example     | dane-only | 4.7.5 mail is withheld from pkix.good.example here: no"
            + " TLSA record of pkix.good.example can be used",
        "mx.plain.example      | dane-only | 4.7.5 mail is withheld from mx.plain.example here: the"
            + " addresses of mx.plain.example are not secure",
        "good.plain.example    | dane-only | 4.7.5 mail is withheld from valid.good.example here:"
            + " the MX records of good.plain.example are not secure",
        "stripped.good.example | dane      | 4.7.4 TLS is required, but was not offered by host"
            + " stripped.good.example[127.0.0.2]",
        "mx.forged.example     | dane      | 4.4.3 Host or domain name not found. Name service"
            + " error for name=mx.forged.example type=MX: Host not found, try again",
      })
  void waitsWhereAServerDoesNot(String domain, String level, String reason) throws Exception {
    int before = sink.taken().size() + clear.taken().size();
    assertThat(reason(deliver(domain, level, validating)))
        .startsWith(reason.replace("PORT", "" + sink.port()));
    assertThat(sink.taken().size() + clear.taken().size()).isEqualTo(before);
  }

  /// Also a domain whose signatures are wrong, and a server whose certificate is another: nobody
  /// can tell any more.
  @ParameterizedTest
  @CsvSource({"valid.good.example", "wrong.good.example", "mx.forged.example"})
  void aNameServerThatDoesNotValidateStopsNoMailButThatOfDaneOnly(String domain) throws Exception {
    String trusting = zones.trusting();
    TaskOutcome outcome = deliver(domain, "dane", trusting);
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(outcome.results().getFirst().tls()).isEqualTo("may");
    assertThat(reason(deliver(domain, "dane-only", trusting)))
        .startsWith("4.7.5 mail is withheld from ")
        .contains("DANE is off: name server " + trusting);
  }

  @Test
  void otherLevelsDoNotAskForTheRecords() throws Exception {
    TaskOutcome outcome = deliver("wrong.good.example", "may", validating);
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
  }

  /// A domain whose only exchanger it is.
  private static String host(String name, String... records) {
    var zone = new StringBuilder(name + " MX 10 " + name + "\n" + name + " A 127.0.0.1\n");
    for (String record : records) {
      zone.append("_%d._tcp.%s TLSA %s%n".formatted(sink.port(), name, record));
    }
    return zone.toString();
  }

  private static TaskOutcome deliver(String domain, String level, String server) {
    var resolver =
        new Resolver(
            new DnsSettings(
                List.of(NameServer.parse(server)),
                LONG,
                new DnssecSettings(
                    Dnssec.RESOLVER,
                    false,
                    Optional.empty(),
                    "good.example",
                    "mx.forged.example")));
    var section = TlsSections.of(SecurityLevel.of(level), authority).settings();
    var rule = new DaneRule(new DanePolicies(resolver, DaneSettings.USUAL), DaneSettings.USUAL);
    try (var connections =
        new ConnectionCache(new ConnectionSettings(LONG, LONG, LONG, LONG, 0, false), 10, CLOCK)) {
      var delivery =
          new SmtpDelivery(
              resolver,
              RemoteExample.servers(sink.port(), AddressChoice.USUAL, Tries.USUAL, ""),
              new SmtpCaller("relay.example", LONG, LONG, LONG).with(new TlsClient(section, CLOCK)),
              new Ourselves("relay.example", new ArrayList<>(), Set.of()),
              new ServerApproaches(
                  TlsPolicies.open(section, CLOCK),
                  section.level(),
                  false,
                  List.of(rule),
                  ServerLogins.NOBODY,
                  Sources.NONE,
                  new Fallbacks(Duration.ofMinutes(1), CLOCK)),
              new Destinations(
                  new Limits(
                      2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
                  new Load(100, 1000, LONG),
                  CLOCK),
              connections,
              ServersInReach.generic("inline:{}"),
              ServersInReach.nothingStored(),
              CLOCK);
      return delivery.deliver(Letters.hopping(Letters.to("ann@" + domain), "smtp", domain));
    }
  }

  private static String reason(TaskOutcome outcome) {
    return switch (outcome.results().getFirst().attempt()) {
      case Attempt.Failed failed -> throw new AssertionError(failed);
      case Attempt.Deferred(Reason reason) -> reason.status() + " " + reason.text();
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
