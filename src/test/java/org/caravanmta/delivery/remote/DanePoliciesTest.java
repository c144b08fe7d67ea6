package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.delivery.remote.DanePolicies.Finding;
import org.caravanmta.delivery.remote.DaneSettings.InsecureMx;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.Dnssec;
import org.caravanmta.dns.DnssecSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.message.NextHop;
import org.caravanmta.peers.SignedZones;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.TlsaRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real signed zones (NSD) behind a validating resolver (Unbound).
class DanePoliciesTest {
  private static final String ONE = "11".repeat(32);
  private static final String TWO = "22".repeat(64);

  private static SignedZones zones;
  private static Resolver resolver;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    zones =
        SignedZones.in(directory)
            .signed(
                "good.example",
                """
                @ MX 10 mx
                mx A 127.0.0.1
                _25._tcp.mx TLSA 3 1 1 %1$s
                _2525._tcp.mx TLSA 2 0 2 %2$s
                none A 127.0.0.1
                pkix A 127.0.0.1
                _25._tcp.pkix TLSA 0 0 1 %1$s
                _25._tcp.pkix TLSA 1 1 1 %1$s
                odd A 127.0.0.1
                _25._tcp.odd TLSA 3 1 1 00ff
                _25._tcp.odd TLSA 3 2 1 %1$s
                _25._tcp.odd TLSA 3 1 9 %1$s
                mixed A 127.0.0.1
                _25._tcp.mixed TLSA 1 1 1 %1$s
                _25._tcp.mixed TLSA 3 1 1 %1$s
                agile A 127.0.0.1
                _25._tcp.agile TLSA 3 1 1 %1$s
                _25._tcp.agile TLSA 3 1 2 %2$s
                _25._tcp.agile TLSA 2 0 1 %1$s
                inner CNAME mx
                plainer CNAME none
                _25._tcp.plainer TLSA 3 1 1 %1$s
                outer CNAME mx.plain.example.
                _25._tcp.outer TLSA 3 1 1 %1$s
                bare CNAME mx.plain.example.
                pointer A 127.0.0.1
                _25._tcp.pointer CNAME _25._tcp.mx
                away A 127.0.0.1
                _25._tcp.away CNAME _25._tcp.mx.plain.example.
                spoiled A 127.0.0.1
                _25._tcp.spoiled TLSA 3 1 1 %1$s
                """
                    .formatted(ONE, TWO),
                "_25._tcp.spoiled")
            .unsigned(
                "plain.example",
                """
                @ MX 10 mx.good.example.
                mx A 127.0.0.1
                _25._tcp.mx TLSA 3 1 1 %s
                """
                    .formatted(ONE))
            .bogus("forged.example", "@ MX 10 mx.good.example.\nmx A 127.0.0.1")
            .start();
    resolver = resolver(zones.validating());
  }

  @AfterAll
  static void stop() {
    zones.close();
  }

  @ParameterizedTest
  @CsvSource({
    "mx, mx, 3 1 1",
    "mixed, mixed, 3 1 1",
    // after all aliases first, then before them
    "inner, mx, 3 1 1",
    "plainer, plainer, 3 1 1",
    // a secure alias into a zone that is not signed
    "outer, outer, 3 1 1",
    "pointer, pointer, 3 1 1",
    "agile, agile, 3 1 2;2 0 1",
  })
  void theRecordsOfAHostAreFound(String host, String base, String kinds) {
    assertThat(found(host + ".good.example", 25, DaneSettings.USUAL))
        .isInstanceOfSatisfying(
            Finding.Found.class,
            found -> {
              assertThat(found.base()).isEqualTo(base + ".good.example");
              assertThat(found.sure()).isTrue();
              assertThat(found.records().stream().map(DanePoliciesTest::kind))
                  .containsExactlyInAnyOrder(kinds.split(";"));
            });
  }

  @Test
  void eachPortHasItsOwn() {
    assertThat(found("mx.good.example", 2525, DaneSettings.USUAL))
        .isEqualTo(
            new Finding.Found("mx.good.example", List.of(new TlsaRecord(2, 0, 2, TWO)), true));
  }

  @ParameterizedTest
  @CsvSource({"pkix", "odd"})
  void recordsThatNobodyCanUseAreToldFromNone(String host) {
    assertThat(found(host + ".good.example", 25, DaneSettings.USUAL))
        .isEqualTo(new Finding.Unusable(host + ".good.example", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none.good.example | no TLSA records of none.good.example:25",
        "mx.plain.example  | the addresses of mx.plain.example are not secure",
        "bare.good.example | no TLSA records of bare.good.example:25",
        "away.good.example | no TLSA records of away.good.example:25",
        "127.0.0.1         | only a host with a name has TLSA records",
        "localhost         | the addresses of localhost are not secure",
      })
  void whatIsNotSecureIsNothing(String host, String why) {
    assertThat(found(host, 25, DaneSettings.USUAL)).isEqualTo(new Finding.Nothing(why));
  }

  @Test
  void anAnswerThatSomebodyHasSpoiledIsNotNothing() {
    assertThat(found("spoiled.good.example", 25, DaneSettings.USUAL))
        .isEqualTo(new Finding.Unanswered("TLSA lookup error for _25._tcp.spoiled.good.example"));
    assertThat(found("mx.forged.example", 25, DaneSettings.USUAL))
        .isEqualTo(new Finding.Unanswered("AAAA lookup error for mx.forged.example"));
    assertThat(of("forged.example", "mx.good.example", DaneSettings.USUAL))
        .isEqualTo(new Finding.Unanswered("MX lookup error for forged.example"));
  }

  @Test
  void mxRecordsThatAreNotSecureAreSaidToBe() {
    assertThat(of("good.example", "mx.good.example", DaneSettings.USUAL))
        .matches(finding -> finding instanceof Finding.Found found && found.sure());
    assertThat(of("plain.example", "mx.good.example", DaneSettings.USUAL))
        .matches(finding -> finding instanceof Finding.Found found && !found.sure());
    assertThat(of("plain.example", "mx.good.example", new DaneSettings(InsecureMx.MAY, List.of())))
        .isEqualTo(new Finding.Nothing("the MX records of plain.example are not secure"));
    // without MX records, the addresses count
    assertThat(of("none.good.example", "none.good.example", DaneSettings.USUAL))
        .isInstanceOf(Finding.Nothing.class);
  }

  @Test
  void theOperatorMayDeclareANextHopSecure() {
    var declared = new DaneSettings(InsecureMx.MAY, List.of("Plain.Example"));
    assertThat(of("plain.example", "mx.good.example", declared))
        .matches(finding -> finding instanceof Finding.Found found && found.sure());
    // the records themselves never count unless they are signed
    assertThat(of("plain.example", "mx.plain.example", declared))
        .isInstanceOf(Finding.Nothing.class);
  }

  @Test
  void whereNobodyValidatesTheNameServerIsNamed() throws Exception {
    String server = zones.trusting();
    assertThat(
            new DanePolicies(resolver(server), DaneSettings.USUAL)
                .of(hop("mx.good.example"), peer("mx.good.example", 25)))
        .isInstanceOfSatisfying(
            Finding.Off.class, off -> assertThat(off.why()).startsWith("name server " + server));
  }

  private static String kind(TlsaRecord record) {
    return record.usage() + " " + record.selector() + " " + record.matching();
  }

  private static Finding found(String host, int port, DaneSettings own) {
    return new DanePolicies(resolver, own).of(hop(host), peer(host, port));
  }

  private static Finding of(String domain, String host, DaneSettings own) {
    return new DanePolicies(resolver, own)
        .of(new NextHop.Host(domain, Optional.empty(), false), peer(host, 25));
  }

  private static NextHop hop(String host) {
    return new NextHop.Host(host, Optional.empty(), true);
  }

  private static Peer peer(String host, int port) {
    return new Peer(host, new InetSocketAddress("127.0.0.1", port));
  }

  private static Resolver resolver(String server) {
    return new Resolver(
        new DnsSettings(
            List.of(NameServer.parse(server)),
            Duration.ofSeconds(10),
            new DnssecSettings(
                Dnssec.RESOLVER, false, Optional.empty(), "good.example", "forged.example")));
  }
}
