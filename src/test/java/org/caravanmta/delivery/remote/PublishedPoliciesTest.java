package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.event.Events;
import org.caravanmta.event.TlsEvent;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.mtasts.MtaSts;
import org.caravanmta.mtasts.PolicyServer;
import org.caravanmta.mtasts.WebServers;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.table.SearchPath;
import org.caravanmta.tls.client.ClientTlsSettings;
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

/// What domains publish by MTA-STS (RFC 8461), what senders want of TLS (RFC 8689), and which of
/// our addresses we call from: a name server, a web server and mail servers of their own.
class PublishedPoliciesTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir static Path directory;
  private static Authority authority;
  private static Identity good;
  private static Identity stranger;
  private static Identity expired;
  private static Identity other;
  private static Identity website;

  @TempDir Path kept;
  private ZoneServer zones;
  private PolicyServer web;
  private MtaSts sts;
  private ConnectionCache connections;
  private String table = "";
  private SecurityLevel level = SecurityLevel.MAY;
  private Sources sources = Sources.NONE;

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

  /// A policy in force wants TLS with a certificate for the name; one that is tried out, and a
  /// level, table or next hop of the operator's, do not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enforce | mx.hoster.example | OFFERS  | good     | secure@sts |",
        "enforce | *.hoster.example  | OFFERS  | good     | secure@sts |",
        "enforce | mx.hoster.example | OFFERS  | stranger | | 4.7.5 Server certificate not trusted",
        "enforce | mx.hoster.example | NO_TLS  | good     | | 4.7.4 TLS is required, but was not",
        "enforce | mx.hoster.example | REFUSES | good     | | 4.7.0 TLS is required, but host",
        "enforce | mx.other.example  | OFFERS  | good     | | 4.7.5 mx.hoster.example is not one",
        "testing | mx.other.example  | OFFERS  | stranger | may |",
        "testing | mx.hoster.example | NO_TLS  | good     | may:none |",
      })
  void aPolicyInForceIsKept(
      String mode, String mx, Conduct conduct, String which, String tls, String reason)
      throws Exception {
    web.answer = policy(mode, mx);
    try (TlsSink sink = sink(conduct, which.equals("good") ? good : stranger)) {
      RecipientResult result = deliver(sink, mail("ann@far.example"));
      if (tls == null) {
        assertThat(waits(result)).startsWith(reason);
        assertThat(sink.taken()).isEmpty();
      } else {
        assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
        assertThat(result.tls()).isEqualTo(tls);
      }
    }
  }

  /// RFC 8461 §5, RFC 8460 §4.3: mail goes on, and what the policy would not have let pass is told,
  /// once for each connection.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "testing | mx.hoster.example | OFFERS | good     | may      | Trusted   |",
        "testing | mx.hoster.example | OFFERS | stranger | may      | Untrusted |"
            + " certificate-not-trusted",
        "testing | mx.hoster.example | OFFERS | expired  | may      | Untrusted |"
            + " certificate-expired",
        "testing | mx.hoster.example | OFFERS | other    | may      | Trusted   |"
            + " certificate-host-mismatch",
        "testing | mx.other.example  | OFFERS | good     | may      | Trusted   |"
            + " validation-failure",
        "testing | mx.hoster.example | NO_TLS | good     | may:none |           |"
            + " starttls-not-supported",
        "testing | mx.hoster.example | CLOSES_AFTER_220 | good | may:none@fallback | |"
            + " validation-failure",
        "trying  | mx.hoster.example | OFFERS | good     | may      | Trusted   |"
            + " sts-policy-invalid",
        "none    | mx.hoster.example | OFFERS | stranger | may      | Untrusted |",
      })
  void whatAPolicyOnTrialWouldNotHaveLetPassIsTold(
      String mode, String mx, Conduct conduct, String which, String tls, String trust, String said)
      throws Exception {
    web.answer = policy(mode, mx);
    var told = new CopyOnWriteArrayList<TlsEvent>();
    var listening =
        Events.listen(
            event -> {
              if (event instanceof TlsEvent its) {
                told.add(its);
              }
            });
    try (listening;
        TlsSink sink = sink(conduct, identity(which))) {
      RecipientResult result = deliver(sink, mail("ann@far.example"));
      assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(result.tls()).isEqualTo(tls);
    }
    TlsEvent event = told.getFirst();
    assertThat(event.session().policyType())
        .isEqualTo(mode.equals("none") ? "no-policy-found" : "sts");
    assertThat(event.session().domain()).isEqualTo("far.example");
    assertThat(event.shortcoming().map(it -> it.problem().toString()))
        .isEqualTo(Optional.ofNullable(said));
    if (trust != null) {
      assertThat(event)
          .isInstanceOfSatisfying(
              TlsEvent.Established.class,
              it -> assertThat(it.channel().proof().trust()).hasToString(trust));
    }
    assertThat(told.stream().filter(it -> it.shortcoming().isPresent()))
        .hasSize(said == null ? 0 : 1);
  }

  private static Identity identity(String which) {
    return switch (which) {
      case "good" -> good;
      case "expired" -> expired;
      case "other" -> other;
      default -> stranger;
    };
  }

  /// What this machine has lost is not the fault of a server.
  @Test
  void anAddressOfOursThatIsGoneSuspendsNoDestination() throws Exception {
    sources = sources(pools("a"));
    var destinations = destinations();
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (int i = 0; i < 20; i++) {
        assertThat(waits(deliver(sink, mail("ann@none.example"), destinations)))
            .contains("not from 198.51.100.1: Cannot assign requested address");
      }
      sources = sources(pools("b"));
      assertThat(deliver(sink, mail("ann@none.example"), destinations).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.callers()).containsExactly("127.0.0.3");
    }
  }

  @Test
  void anOperatorsTableCountsMore() throws Exception {
    table = "may";
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      assertThat(deliver(sink, mail("ann@far.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(web.asked).hasValue(0);
    }
  }

  @Test
  void whereNoTlsIsWantedNobodyIsAsked() throws Exception {
    level = SecurityLevel.NONE;
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      assertThat(deliver(sink, mail("ann@far.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(web.asked).hasValue(0);
    }
  }

  /// Two domains have the same mail server; one of them publishes a policy with a wrong name.
  @Test
  void aWrongPolicyHoldsUpItsOwnDomainOnly() throws Exception {
    web.answer = policy("enforce", "mx.gone.example");
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      var destinations = destinations();
      for (int i = 0; i < 6; i++) {
        assertThat(waits(deliver(sink, mail("ann@far.example"), destinations)))
            .startsWith("4.7.5 mx.hoster.example is not one of the mail exchangers of the MTA-STS");
        assertThat(deliver(sink, mail("ann@near.example"), destinations).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
      assertThat(sink.sessions()).isEqualTo(1);
    }
  }

  /// The limit of a mail server is for whoever may talk to it: a domain whose policy is against it
  /// neither waits for it nor takes anything of it.
  @Test
  void aWrongPolicyTakesNoneOfTheConnectionsThatOthersShare() throws Exception {
    web.answer = policy("enforce", "mx.gone.example");
    var groups = new ServerGroups();
    Path rules = Files.writeString(kept.resolve("shaping"), "mx:mx.hoster.example connections=1");
    var destinations = destinations(Shaping.open(new ShapingSettings(List.of(rules), 100), groups));
    ServerGroup group = groups.all().getFirst();
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      try (ServerGroup.Place _ = group.enter(false).orElseThrow()) {
        assertThat(waits(deliver(sink, mail("ann@far.example"), destinations)))
            .startsWith("4.7.5 mx.hoster.example is not one of the mail exchangers");
        assertThat(waits(deliver(sink, mail("ann@near.example"), destinations)))
            .startsWith("4.4.5 1 of 1 connections with mx:mx.hoster.example in use");
      }
      // what fails alone has a line of its own, and does not wait for the others
      assertThat(destinations.line("far.example")).isEqualTo("far.example");
      assertThat(destinations.line("near.example")).isEqualTo("mx:mx.hoster.example");
      for (int i = 0; i < 3; i++) {
        deliver(sink, mail("ann@far.example"), destinations);
        assertThat(group.hasRoom()).isTrue();
        assertThat(deliver(sink, mail("ann@near.example"), destinations).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
    }
  }

  @Test
  void whatTheSenderWantsOfTlsIsKept() throws Exception {
    Mail plain = mail("ann@none.example");
    Mail secret = plain.with(plain.envelope().with(plain.envelope().parameters().withRequireTls()));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      RecipientResult result = deliver(sink, secret);
      assertThat(result.attempt())
          .isInstanceOfSatisfying(
              Attempt.Failed.class,
              failed -> assertThat(failed.reason().status()).hasToString("5.7.30"));
      assertThat(result.tls()).isEqualTo("verify@sender");
    }
    try (TlsSink sink = sink(Conduct.OFFERS, stranger)) {
      assertThat(waits(deliver(sink, secret))).startsWith("4.7.5 Server certificate not trusted");
      assertThat(deliver(sink, plain).attempt()).isInstanceOf(Attempt.Delivered.class);
    }
  }

  /// RFC 8689 §3: to arrive matters more to the sender than what the domain publishes.
  @Test
  void aFieldOfTheSendersPutsArrivingFirst() throws Exception {
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      Mail mail = mail("ann@far.example");
      assertThat(waits(deliver(sink, mail))).startsWith("4.7.4");
      Mail urgent = mail.with(mail.headers().prepend(Headers.Field.of("TLS-Required", "No")));
      RecipientResult result = deliver(sink, urgent);
      assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(result.tls()).isEqualTo("may:none@sender");
      level = SecurityLevel.ENCRYPT;
      table = "encrypt";
      assertThat(waits(deliver(sink, urgent))).startsWith("4.7.4");
    }
  }

  /// An address that this machine does not have is passed over.
  @Test
  void serversAreCalledFromTheAddressesOfThePool() throws Exception {
    var own =
        new SourceSettings(
            List.of("a 127.0.0.2*9999 127.0.0.3 helo=bulk.example", "b 198.51.100.1"),
            "a",
            List.of(),
            List.of(),
            1,
            LONG,
            LONG);
    sources = sources(own);
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(deliver(sink, mail("ann@none.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.callers()).containsExactly("127.0.0.2");
    }
    sources =
        sources(
            new SourceSettings(
                List.of("a 198.51.100.1*9999 127.0.0.3"),
                "a",
                List.of(),
                List.of(),
                1,
                LONG,
                LONG));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (int i = 0; i < 3; i++) {
        assertThat(deliver(sink, mail("ann@none.example")).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
      assertThat(sources.suspended()).containsOnlyKeys(InetAddress.ofLiteral("198.51.100.1"));
      assertThat(sink.callers()).containsOnly("127.0.0.3");
    }
    sources =
        sources(
            new SourceSettings(
                List.of("b 198.51.100.1"), "b", List.of(), List.of(), 1, LONG, LONG));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(waits(deliver(sink, mail("ann@none.example"))))
          .contains("not from 198.51.100.1: Cannot assign requested address");
      assertThat(waits(deliver(sink, mail("ann@none.example"))))
          .contains("the pool b is out of order");
      assertThat(sink.sessions()).isZero();
    }
  }

  private static SourceSettings pools(String usual) {
    return new SourceSettings(
        List.of("a 198.51.100.1", "b 198.51.100.1 198.51.100.2 198.51.100.3*9 127.0.0.3"),
        usual,
        List.of(),
        List.of(),
        1000,
        LONG,
        LONG);
  }

  private static Sources sources(SourceSettings own) {
    return new Sources(own, Cases.search("x"), new SearchPath(List.of()), CLOCK);
  }

  private static PolicyServer.Answer policy(String mode, String mx) {
    return PolicyServer.text(
        "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 86400\n");
  }

  private static Mail mail(String recipient) {
    return Letters.to(recipient);
  }

  private Resolver names() {
    return new Resolver(new DnsSettings(List.of(NameServer.parse(zones.address())), LONG));
  }

  private static TlsSink sink(Conduct conduct, Identity identity) throws IOException {
    return TlsSink.start("127.0.0.1", 0, conduct, identity, authority);
  }

  private RecipientResult deliver(TlsSink sink, Mail mail) {
    return deliver(sink, mail, destinations());
  }

  private static Destinations destinations() {
    return destinations(Shaping.usual());
  }

  private static Destinations destinations(Shaping shaping) {
    return new Destinations(
        new Limits(2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
        new Load(100, 1000, LONG),
        shaping,
        ReplyRules.NONE,
        CLOCK);
  }

  private RecipientResult deliver(TlsSink sink, Mail mail, Destinations destinations) {
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

  private String[] tables() {
    return table.isEmpty() ? new String[0] : new String[] {"static:" + table};
  }

  private static String waits(RecipientResult result) {
    return switch (result.attempt()) {
      case Attempt.Deferred(Reason reason) -> reason.status() + " " + reason.text();
      case Attempt other -> throw new AssertionError(other);
    };
  }
}
