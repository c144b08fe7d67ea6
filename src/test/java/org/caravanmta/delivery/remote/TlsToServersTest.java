package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.caravanmta.delivery.RecipientResult;
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
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;
import org.caravanmta.tls.client.TlsSections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail to servers that offer TLS, or do not, or do it wrong, by each level of policy (RFC 3207,
/// RFC 7435): where it goes in the clear, where it waits, and what is said of it.
class TlsToServersTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final String HOST = "mx1.far.example";

  @TempDir static Path directory;
  private static Authority authority;
  private static Authority stranger;
  private static Identity good;
  private static Identity expired;
  private static Identity other;
  private static Identity unknown;
  private static Identity client;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private final ZoneServer zones = ZoneServer.start("@ MX 10 mx1\nmx1 A 127.0.0.1", "far.example.");
  private final List<TlsEvent> told = new CopyOnWriteArrayList<>();
  private final Events.Listening listening =
      Events.listen(
          event -> {
            if (event instanceof TlsEvent tls) {
              told.add(tls);
            }
          });
  private ConnectionCache connections;

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

  /// Every recipient has one outcome: it is with the server once, in TLS or in the clear, or it
  /// waits.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OFFERS                   | none    | clear |",
        "OFFERS                   | may     | tls   |",
        "OFFERS                   | encrypt | tls   |",
        "OFFERS                   | verify  | tls   |",
        "OFFERS                   | secure match=.far.example | tls |",
        "OFFERS                   | secure match=nexthop | tls |",
        "OFFERS                   | secure match=else.example | waits | 4.7.5 Server certificate"
            + " not verified",
        "NO_TLS                   | may     | clear |",
        "NO_TLS                   | encrypt | waits | 4.7.4 TLS is required, but was not offered by"
            + " host mx1.far.example[127.0.0.1]",
        "DEMANDS                  | may     | tls   |",
        "REFUSES                  | may     | clear |",
        "REFUSES                  | encrypt | waits | 4.7.0 TLS is required, but host"
            + " mx1.far.example[127.0.0.1] refused to start TLS: 454 4.7.0 TLS not available due to"
            + " temporary reason",
        "REFUSES_FOR_GOOD         | encrypt | waits | 4.7.4 TLS is required, but host"
            + " mx1.far.example[127.0.0.1] refused to start TLS: 554 5.7.3 TLS not available",
        "CLOSES_IN_HANDSHAKE      | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "CLOSES_AFTER_220         | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "HANGS_IN_HANDSHAKE       | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "NO_COMMON_CIPHER         | verify  | waits | 4.7.5 Cannot start TLS: handshake failure",
        "OLD_VERSIONS             | secure  | waits | 4.7.5 Cannot start TLS: handshake failure",
        "INJECTS                  | encrypt | waits | 4.7.5 Cannot start TLS: handshake failure",
        "CLOSES_AFTER_INNER_HELLO | encrypt | waits | 4.4.2 lost connection with"
            + " mx1.far.example[127.0.0.1] while performing the EHLO handshake",
        "CHANGES_OFFERS           | may     | tls   |",
        "CUTS_AT_DOT              | may     | waits | 4.4.2 lost connection with"
            + " mx1.far.example[127.0.0.1] while sending end of data -- message may be sent more"
            + " than once",
        "NO_CLOSE_NOTIFY          | may     | tls   |",
        "WANTS_CERTIFICATE        | encrypt | tls   |",
      })
  void hasOneOutcomeForEachRecipient(Conduct conduct, String policy, String outcome, String reason)
      throws Exception {
    try (TlsSink sink = sink(conduct, good)) {
      TaskOutcome outcomes = deliver(sink, policy);
      if (outcome.equals("waits")) {
        assertThat(reason(outcomes)).isEqualTo(reason);
        assertThat(sink.taken()).isEmpty();
      } else {
        assertThat(outcomes.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
        assertThat(sink.taken())
            .singleElement()
            .satisfies(
                taken ->
                    assertThat(taken.protocol()).isEqualTo(outcome.equals("tls") ? "TLSv1.3" : ""));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSES_AFTER_220",
    "CLOSES_IN_HANDSHAKE",
    "HANGS_IN_HANDSHAKE",
    "NO_COMMON_CIPHER",
    "OLD_VERSIONS",
    "INJECTS",
    "CLOSES_AFTER_INNER_HELLO"
  })
  void goesInTheClearWhereTlsHasFailedAndRemembersThatForAWhile(Conduct conduct) throws Exception {
    try (TlsSink sink = sink(conduct, good)) {
      Approaches approaches = approaches(sink, "may");
      assertThat(deliver(sink, approaches).results().getFirst())
          .returns("may:none@fallback", RecipientResult::tls)
          .extracting(RecipientResult::attempt)
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.sessions()).isEqualTo(2);
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(TlsEvent.Failed.class, it -> assertThat(it.clear()).isTrue());

      reopen();
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(3);

      reopen();
      now.set(now.get().plus(Duration.ofMinutes(2)));
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(5);
      assertThat(sink.taken()).hasSize(3).allSatisfy(it -> assertThat(it.protocol()).isEmpty());
    }
  }

  /// Certificates by what is wrong with them (RFC 8460 §4.3).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expired | verify | Server certificate not trusted  | certificate-expired",
        "other   | verify | Server certificate not verified | certificate-host-mismatch",
        "unknown | verify | Server certificate not trusted  | certificate-not-trusted",
        "other   | secure | Server certificate not verified | certificate-host-mismatch",
        "good    | fingerprint"
            + " match=00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"
            + " | Server certificate not verified | validation-failure",
      })
  void waitsForACertificateThatIsGoodEnough(
      String which, String policy, String text, String problem) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity(which))) {
      assertThat(reason(deliver(sink, policy))).isEqualTo("4.7.5 " + text);
      assertThat(sink.taken()).isEmpty();
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Failed.class,
              it -> {
                assertThat(it.problem()).hasToString(problem);
                assertThat(it.clear()).isFalse();
                assertThat(it.session().from()).isPresent();
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "good, may, Trusted",
    "unknown, may, Untrusted",
    "expired, encrypt, Untrusted",
    "other, encrypt, Trusted",
    "good, verify, Verified"
  })
  void saysWhatTheCertificateIsWorth(String which, String policy, String trust) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity(which))) {
      assertThat(deliver(sink, policy).results().getFirst().tls()).isEqualTo(policy + "@table");
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Established.class,
              it -> assertThat(it.channel().proof().trust()).hasToString(trust));
    }
  }

  @Test
  void takesACertificateByItsFingerprintWhateverElseIsWrong() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, unknown)) {
      deliver(sink, "fingerprint match=" + "00".repeat(32) + "|" + unknown.fingerprint());
      assertThat(sink.taken()).hasSize(1);
    }
  }

  @Test
  void takesAnAuthorityThatCountsForOneServerOnly() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, unknown)) {
      deliver(sink, "verify tafile=" + directory.resolve("stranger/stranger.pem"));
      assertThat(sink.taken()).hasSize(1);
    }
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(
              reason(deliver(sink, "verify tafile=" + directory.resolve("stranger/stranger.pem"))))
          .isEqualTo("4.7.5 Server certificate not trusted");
    }
  }

  @Test
  void showsOurCertificateToAServerThatWantsIt() throws Exception {
    try (TlsSink sink = sink(Conduct.WANTS_CERTIFICATE, good)) {
      deliver(sink, "encrypt");
      assertThat(sink.taken().getFirst().certificate()).isEqualTo("CN=client.example");
    }
  }

  @Test
  void carriesTheNextMessageOnAKeptConnection() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, "verify");
      deliver(sink, approaches);
      assertThat(deliver(sink, approaches).results().getFirst().uses()).isEqualTo(2);
      assertThat(sink.sessions()).isEqualTo(1);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void neverUsesAConnectionOfAnotherPolicy() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (String policy :
          List.of("none", "may", "encrypt", "verify", "secure match=" + HOST, "none", "may")) {
        deliver(sink, policy);
      }
      // the last two are the first two again
      assertThat(sink.sessions()).isEqualTo(5);
      assertThat(sink.taken().stream().map(it -> it.protocol().isEmpty()))
          .containsExactly(true, false, false, false, false, true, false);
    }
  }

  @Test
  void keepsNoConnectionWhereTheRowSaysSo() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = approaches(sink, "encrypt connection_reuse=no");
      deliver(sink, approaches);
      deliver(sink, approaches);
      assertThat(sink.sessions()).isEqualTo(2);
    }
  }

  @Test
  void defersWhereTheTableCannotBeRead() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      Approaches approaches = tables("fail:down");
      assertThat(reason(deliver(sink, approaches))).startsWith("4.7.5 client TLS configuration");
      assertThat(sink.sessions()).isZero();
    }
  }

  @Test
  void waitsWhereOnlyDaneWillDoAndThereAreNoRecords() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(reason(deliver(sink, "dane-only")))
          .isEqualTo("4.7.5 TLSA records are required, but " + HOST + " has none to use");
      assertThat(sink.sessions()).isZero();
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              TlsEvent.Forbidden.class,
              it -> assertThat(it.session().policyType()).isEqualTo("tlsa"));
    }
  }

  @Test
  void beginsWithTlsWhereSettingsSaySo() throws Exception {
    try (TlsSink sink = sink(Conduct.AT_ONCE, good)) {
      deliver(sink, wrapped("may"));
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
      deliver(sink, wrapped("verify"));
      assertThat(sink.taken()).hasSize(2);
    }
  }

  private Identity identity(String name) {
    return switch (name) {
      case "good" -> good;
      case "expired" -> expired;
      case "other" -> other;
      default -> unknown;
    };
  }

  private static TlsSink sink(Conduct conduct, Identity identity) throws IOException {
    return TlsSink.start("127.0.0.1", 0, conduct, identity, authority);
  }

  private void reopen() {
    connections.close();
    open();
  }

  private TaskOutcome deliver(TlsSink sink, String policy) {
    return deliver(sink, approaches(sink, policy));
  }

  private TlsSections section(String... tables) {
    return TlsSections.of(SecurityLevel.MAY, directory.resolve("ca/authority.pem"), tables)
        .showing(client.chain(), client.key());
  }

  private Approaches approaches(TlsSink sink, String policy) {
    return tables("inline:{{[" + HOST + "]:" + sink.port() + " = " + policy + "}}");
  }

  private Approaches tables(String... tables) {
    return approaches(false, tables);
  }

  private Approaches wrapped(String policy) {
    return approaches(true, "static:" + policy);
  }

  private Approaches approaches(boolean wrapped, String... tables) {
    return new ServerApproaches(
        TlsPolicies.open(section(tables).settings(), clock),
        SecurityLevel.MAY,
        wrapped,
        List.of(),
        ServerLogins.NOBODY,
        Sources.NONE,
        new Fallbacks(Duration.ofMinutes(1), clock));
  }

  private TaskOutcome deliver(TlsSink sink, Approaches approaches) {
    var own = RemoteExample.servers(sink.port(), AddressChoice.USUAL, Tries.USUAL, "");
    var delivery =
        new SmtpDelivery(
            new Resolver(
                new DnsSettings(List.of(NameServer.parse(zones.address())), Duration.ofSeconds(2))),
            own,
            new SmtpCaller("relay.example", LONG, LONG, LONG)
                .with(new TlsClient(section().settings(), clock)),
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
    return delivery.deliver(
        Letters.hopping(Letters.to("ann@far.example"), "smtp", "[" + HOST + "]:" + sink.port()));
  }

  private static String reason(TaskOutcome outcome) {
    return switch (outcome.results().getFirst().attempt()) {
      case Attempt.Failed failed -> throw new AssertionError(failed);
      case Attempt.Deferred(Reason reason) -> reason.status() + " " + reason.text();
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
