package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.dns.DnsNames.Association;
import org.caravanmta.dns.DnsNames.MailExchange;
import org.caravanmta.dns.Validation.State;
import org.caravanmta.peers.SignedZones;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real signed zones (NSD), as resolvers of others (Unbound, dnsmasq) and we ourselves validate
/// them, or do not.
class SecureAnswersTest {
  private static SignedZones zones;
  private static String validating;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    zones =
        SignedZones.in(directory)
            .signed(
                "good.example",
                """
                @ MX 10 mx
                mx A 127.0.0.1
                mx AAAA ::1
                _25._tcp.mx TLSA 3 1 1 00FF
                _25._tcp.bad TLSA 3 1 1 00FF
                inside CNAME mx
                outside CNAME mx.plain.example.
                big TXT "%1$s" "%1$s" "%1$s" "%1$s" "%1$s" "%1$s"
                """
                    .formatted("x".repeat(250)),
                "_25._tcp.bad")
            .unsigned("plain.example", "@ MX 10 mx\nmx A 127.0.0.1")
            .bogus("forged.example", "@ MX 10 mx\nmx A 127.0.0.1")
            .start();
    validating = zones.validating();
  }

  @AfterAll
  static void stop() {
    zones.close();
  }

  @Test
  void whatAValidatingServerOfThisMachineSaysIsBelieved() {
    says(resolver(Dnssec.RESOLVER, validating));
  }

  @Test
  void whatWeValidateOurselvesIsTheSame() throws Exception {
    says(resolver(Dnssec.VALIDATE, zones.trusting()));
  }

  private static void says(Resolver resolver) {
    // the second time, from memory
    for (int i = 0; i < 2; i++) {
      assertThat(resolver.mailExchanges(new Domain("good.example")))
          .isEqualTo(
              new DnsAnswer.Records<>(List.of(new MailExchange(10, "mx.good.example")), true));
      assertThat(resolver.addresses("mx.good.example"))
          .matches(
              answer ->
                  answer instanceof DnsAnswer.Records<?>(var all, boolean secure)
                      && all.size() == 2
                      && secure);
      assertThat(resolver.associations("_25._tcp.mx.good.example"))
          .isEqualTo(new DnsAnswer.Records<>(List.of(new Association(3, 1, 1, "00ff")), true));
      assertThat(resolver.associations("_25._tcp.other.good.example"))
          .isEqualTo(new DnsAnswer.None<>(true));
      assertThat(resolver.associations("_25._tcp.bad.good.example"))
          .isInstanceOf(DnsAnswer.Unavailable.class);
      assertThat(resolver.mailExchanges(new Domain("plain.example")))
          .isEqualTo(
              new DnsAnswer.Records<>(List.of(new MailExchange(10, "mx.plain.example")), false));
      assertThat(resolver.addresses("nobody.plain.example")).isEqualTo(new DnsAnswer.None<>(false));
      assertThat(resolver.mailExchanges(new Domain("forged.example")))
          .isInstanceOf(DnsAnswer.Unavailable.class);
      assertThat(resolver.addresses("nobody.forged.example"))
          .isInstanceOf(DnsAnswer.Unavailable.class);
      assertThat(secure(resolver.text("big.good.example"))).isTrue();
      assertThat(resolver.canonical("inside.good.example"))
          .isEqualTo(new DnsAnswer.Records<>(List.of("mx.good.example"), true));
      assertThat(resolver.canonical("outside.good.example"))
          .isEqualTo(new DnsAnswer.Records<>(List.of("mx.plain.example"), false));
      assertThat(resolver.alias("outside.good.example"))
          .isEqualTo(new DnsAnswer.Records<>(List.of("mx.plain.example"), true));
    }
    assertThat(resolver.validation().known()).isEqualTo(new State.Works());
  }

  @Test
  void noAnswerIsSecureWithoutValidation() throws Exception {
    for (String server : List.of(zones.trusting(), zones.forwarding(validating))) {
      var resolver = resolver(Dnssec.RESOLVER, server);
      assertThat(secure(resolver.addresses("mx.good.example"))).isFalse();
      assertThat(fails(resolver)).contains(server).contains("good.example").contains("not valid");
    }
    var off = resolver(Dnssec.OFF, validating);
    assertThat(secure(off.addresses("mx.good.example"))).isFalse();
    assertThat(off.validation().known()).isEqualTo(new State.Off());
  }

  /// What stopped the mail of others: every signed domain counted as forged.
  @Test
  void aServerThatKeepsSignaturesFromUsTakesNothingButSecurityFromUs() throws Exception {
    var resolver = resolver(Dnssec.VALIDATE, zones.stripping(zones.trusting()));
    assertThat(resolver.mailExchanges(new Domain("good.example")))
        .isInstanceOf(DnsAnswer.Unavailable.class);
    assertThat(fails(resolver)).contains("has no valid answer");
    assertThat(resolver.mailExchanges(new Domain("good.example")))
        .isEqualTo(
            new DnsAnswer.Records<>(List.of(new MailExchange(10, "mx.good.example")), false));
    assertThat(resolver.mailExchanges(new Domain("forged.example")))
        .isInstanceOf(DnsAnswer.Records.class);
  }

  @Test
  void aServerThatSaysEverythingIsValidIsFoundOut() {
    try (var liar = ZoneServer.start("@ SOA ns h 1 1 1 1 1\nbad A 192.0.2.1", "liar.example.")) {
      liar.validated();
      var resolver = resolver(Dnssec.RESOLVER, liar.address(), "liar.example", "bad.liar.example");
      assertThat(secure(resolver.addresses("bad.liar.example"))).isTrue();
      assertThat(fails(resolver)).contains("bad.liar.example, whose signatures are wrong");
      assertThat(secure(resolver.addresses("bad.liar.example"))).isFalse();
    }
  }

  @Test
  void aServerThatDoesNotKnowExtensionsIsAskedWithout() {
    try (var old =
        ZoneServer.start(
            "mx A 192.0.2.1\nlong TXT " + "\"%s\" ".formatted("x".repeat(200)).repeat(5),
            "old.example.")) {
      old.withoutExtensions();
      var resolver = resolver(Dnssec.RESOLVER, old.address(), "old.example", "");
      assertThat(resolver.addresses("mx.old.example")).isInstanceOf(DnsAnswer.Records.class);
      // cut off at 512 bytes, and asked for again by TCP
      assertThat(resolver.text("long.old.example"))
          .isEqualTo(new DnsAnswer.Records<>(List.of("x".repeat(1000))));
    }
  }

  @Test
  void aTestThatGetsNoAnswerLeavesWhatTheLastOneHasTold() {
    try (var server = ZoneServer.start("@ SOA ns h 1 1 1 1 1", "far.example.")) {
      server.fail();
      var resolver = resolver(Dnssec.RESOLVER, server.address(), "far.example", "");
      assertThat(resolver.validation().known()).isInstanceOf(State.Unknown.class);
      server.answer();
      assertThat(resolver.validation().check()).isInstanceOf(State.Fails.class);
      server.fail();
      assertThat(resolver.validation().check()).isInstanceOf(State.Unknown.class);
      assertThat(resolver.validation().state()).isInstanceOf(State.Fails.class);
      server.answer();
      server.validated();
      assertThat(resolver.validation().check()).isEqualTo(new State.Works());
      assertThat(resolver.validation().state()).isEqualTo(new State.Works());
    }
  }

  private static String fails(Resolver resolver) {
    return ((State.Fails) resolver.validation().known()).why();
  }

  private static boolean secure(DnsAnswer<?> answer) {
    return ((DnsAnswer.Records<?>) answer).secure();
  }

  private static Resolver resolver(Dnssec who, String server) {
    return resolver(who, server, "good.example", "forged.example");
  }

  private static Resolver resolver(Dnssec who, String server, String signed, String bogus) {
    return new Resolver(
        new DnsSettings(
            List.of(NameServer.parse(server)),
            Duration.ofSeconds(10),
            new DnssecSettings(who, false, Optional.of(zones.anchors()), signed, bogus)));
  }
}
