package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Resolution;
import org.caravanmta.address.ReversePath;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Reverse;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.Passage;
import org.caravanmta.policy.Verdict;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.relay.Relay;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lists as a route has them, asked about a recipient of a stranger's message; `ex.example` is
/// ours, where `ann` lives.
class ListsTest {
  private static ZoneServer zone;

  @BeforeAll
  static void serve() {
    zone =
        ZoneServer.start(
            """
            far       MX 10 mx.far
            mx.far    A 203.0.113.9
            www       A 203.0.113.10
            nomail    MX 0 .
            mx2.bad   A 198.51.100.66
            bad       MX 10 mx2.bad
            bad       NS ns.bad
            ns.bad    A 198.51.100.67
            7.2.0.192.bl      A 127.0.0.3
            7.2.0.192.bl      TXT "spam seen"
            far.example.rhs   A 127.0.0.2
            7.2.0.192.wl      A 127.0.0.2
            """,
            "example.");
    zone.fail("broken.example");
    zone.fail("9.2.0.192.wl.example");
  }

  @AfterAll
  static void stop() {
    zone.close();
  }

  static Restrictions restrictions(String... replies) {
    return restrictions(Leeway.USUAL, replies);
  }

  static Restrictions restrictions(Leeway leeway, String... replies) {
    return restrictions(
        leeway, new Resolution(Set.of(new Domain("ex.example"))), Set.of(), zone, replies);
  }

  static Restrictions restrictions(
      Leeway leeway, Resolution resolution, Set<Domain> relay, ZoneServer zone, String... replies) {
    var names = new Resolver(List.of(NameServer.parse(zone.address())), Duration.ofSeconds(2));
    var relayed = new RelayDomains(relay);
    return new Restrictions(
        new RestrictionContext(
            true,
            resolution,
            new Relay(
                resolution,
                relayed,
                new VirtualDomains(Set.of(), new SearchPath(List.<Table>of())),
                leeway.untrustedRouting()),
            new KnownRecipients(
                resolution,
                relayed,
                List.of(),
                Deliverability.FINE,
                Cases.search("ex.example", "inline:{ann=x}"),
                Cases.search("ex.example")),
            new Extensions("+"),
            names,
            new DnsLists(names, InstantSource.system()),
            new SearchPath(List.of(replies).stream().map(Tables::open).toList()),
            new SearchPath(List.of(Tables.open("inline:{AB:CD=ann, EF:01=bob}"))),
            leeway,
            () -> false,
            "someClass"::equals,
            (name, c) -> Optional.of(c.decided(Verdict.UNDECIDED)),
            InstantSource.system()));
  }

  /// What comes of steps, in the words of a reply.
  static String outcome(Case.Rcpt asked, String... steps) {
    return words(after(asked, steps));
  }

  static Case.Listed after(Case.Listed asked, String... steps) {
    Restrictions all = restrictions();
    Case c = asked;
    for (String step : steps) {
      c = all.step(step).orElseThrow().check(c);
    }
    return (Case.Listed) c;
  }

  static String words(Case.Listed c) {
    return switch (c.outcome()) {
      case Verdict.Undecided(), Verdict.Permit() ->
          c instanceof Case.Rcpt rcpt && !rcpt.vouched() ? "not ours" : "ok";
      case Verdict.Defer(var reply) -> reply.toString();
      case Verdict.Reject(var reply) -> reply.toString();
      case Verdict.Hold(String why) -> "hold " + why;
      case Verdict.Discard(String why) -> "discard " + why;
    };
  }

  static Case.Rcpt rcpt(String address, String sender, String recipient) {
    return Cases.rcpt(Cases.stranger(address), sender, recipient);
  }

  private static Client withHelo(String helo, String name, Reverse.State state) {
    return new Client(
            ClientHost.of(InetAddress.ofLiteral("192.0.2.7"), 40000, false),
            new Greeting(helo, "ESMTP"),
            Entrance.by("smtp"))
        .named(new Reverse(name, state));
  }

  // as in the traces of Postfix's documentation, with its client table and relay list
  private static final String[] TRACE = {
    "smtpdClientRestrictions",
    "checkClientAccess inline:{{192.0.2 = REJECT no}}",
    "smtpdHeloRestrictions",
    "smtpdSenderRestrictions",
    "smtpdRelayRestrictions",
    "permitMynetworks",
    "rejectUnauthDestination",
    "smtpdRecipientRestrictions"
  };

  @Test
  void aClientTableRefusesANetwork() {
    assertThat(outcome(rcpt("192.0.2.7", "joe@far.example", "ann@ex.example"), TRACE))
        .isEqualTo("554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: no");
  }

  @Test
  void theRelayListPermitsAndTheRecipientListIsAskedAllTheSame() {
    Case.Rcpt ours = Cases.rcpt(Cases.own(), "joe@far.example", "u@far.example");

    assertThat(outcome(ours, TRACE)).isEqualTo("ok");
    assertThat(outcome(ours, append(TRACE, "reject")))
        .isEqualTo("554 5.7.1 <u@far.example>: Recipient address rejected: Access denied");
  }

  @Test
  void nobodyElseIsRelayedForWhateverAListPermits() {
    Case.Rcpt far = rcpt("198.51.100.1", "joe@far.example", "u@far.example");

    assertThat(outcome(far, TRACE)).isEqualTo("554 5.7.1 <u@far.example>: Relay access denied");
    assertThat(outcome(far)).isEqualTo("not ours");
    assertThat(outcome(far, "smtpdRelayRestrictions")).isEqualTo("not ours");
    assertThat(outcome(far, "smtpdRecipientRestrictions", "permit")).isEqualTo("not ours");
    assertThat(outcome(far, "smtpdClientRestrictions", "permit", "smtpdRelayRestrictions"))
        .isEqualTo("not ours");
    assertThat(outcome(far, "smtpdRelayRestrictions", "deferUnauthDestination"))
        .isEqualTo("454 4.7.1 <u@far.example>: Relay access denied");
    assertThat(outcome(far, "smtpdRelayRestrictions", "permitDnswlClient wl.example"))
        .isEqualTo("not ours");
  }

  @Test
  void aPercentSignIsNoWayAround() {
    Case.Rcpt hack = rcpt("198.51.100.1", "joe@far.example", "u%far.example@ex.example");

    assertThat(outcome(hack, "smtpdRelayRestrictions", "rejectUnauthDestination"))
        .isEqualTo("554 5.7.1 <u%far.example@ex.example>: Relay access denied");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permit; reject                                 | ok
          reject                                         | 554 5.7.1 <ann@ex.example>: Recipient address rejected: Access denied
          defer                                          | 450 4.3.2 <ann@ex.example>: Recipient address rejected: Try again later
          warnIfReject reject                            | ok
          warnIfReject deferIfPermit                     | ok
          deferIfPermit                                  | 450 4.7.0 <ann@ex.example>: Recipient address rejected: defer_if_permit requested
          deferIfPermit; permit                          | 450 4.7.0 <ann@ex.example>: Recipient address rejected: defer_if_permit requested
          deferIfPermit; reject                          | 554 5.7.1 <ann@ex.example>: Recipient address rejected: Access denied
          deferIfReject                                  | ok
          deferIfReject; reject                          | 450 4.7.0 <ann@ex.example>: Recipient address rejected: defer_if_reject requested
          deferIfReject; defer                           | 450 4.3.2 <ann@ex.example>: Recipient address rejected: Try again later
          deferIfReject; deferIfPermit; reject           | 450 4.7.0 <ann@ex.example>: Recipient address rejected: defer_if_permit requested
          smtpdSenderRestrictions; deferIfReject; smtpdRecipientRestrictions; reject | 554 5.7.1 <ann@ex.example>: Recipient address rejected: Access denied
          smtpdClientRestrictions; reject                | 554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied
          smtpdHeloRestrictions; reject                  | 554 5.7.1 <mail.far.example>: Helo command rejected: Access denied
          smtpdSenderRestrictions; reject                | 554 5.7.1 <joe@far.example>: Sender address rejected: Access denied
          smtpdSenderRestrictions; permit; smtpdRecipientRestrictions; reject | 554 5.7.1 <ann@ex.example>: Recipient address rejected: Access denied
          rejectPlaintextSession                         | 450 4.7.1 Session encryption is required
          rejectUnauthPipelining                         | ok
          rejectUnlistedRecipient                        | ok
          rejectUnknownSenderDomain                      | ok
          rejectUnknownRecipientDomain                   | ok
          rejectRblClient bl.example                     | 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example; spam seen
          rejectRblClient bl.example=127.0.0.[2..4]      | 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example; spam seen
          rejectRblClient bl.example=127.0.0.10          | ok
          rejectRhsblSender rhs.example                  | 554 5.7.1 Service unavailable; Sender address [joe@far.example] blocked using rhs.example
          rejectRhsblClient rhs.example                  | ok
          permitDnswlClient wl.example; reject           | ok
          checkSenderAccess inline:{far.example=REJECT}  | 554 5.7.1 <joe@far.example>: Sender address rejected: Access denied
          checkSenderAccess inline:{joe@=DEFER}          | 450 4.7.1 <joe@far.example>: Sender address rejected: Access denied
          checkSenderAccess inline:{{example = 550 5.1.1 who}}    | 550 5.1.7 <joe@far.example>: Sender address rejected: who
          checkRecipientAccess inline:{{ann@ = 550 5.1.7 who}}    | 550 5.1.3 <ann@ex.example>: Recipient address rejected: who
          checkClientAccess inline:{{192.0.2 = 550 5.1.1 who}}    | 550 5.0.0 <unknown[192.0.2.7]>: Client host rejected: who
          checkHeloAccess inline:{{far.example = 521 Go away}}    | 521 5.7.1 <mail.far.example>: Helo command rejected: Go away
          checkRecipientAccess inline:{{ex.example = defer_if_permit Later}}  | 450 4.7.1 <ann@ex.example>: Recipient address rejected: Later
          checkRecipientAccess inline:{{ex.example = HOLD}}   | hold <ann@ex.example>: Recipient address triggers HOLD action
          checkRecipientAccess inline:{{ex.example = DISCARD}}; reject | discard <ann@ex.example>: Recipient address triggers DISCARD action
          checkRecipientAccess inline:{ann@ex.example=DUNNO, ex.example=REJECT} | ok
          checkRecipientAccess inline:{ann@=OK}; reject       | ok
          checkRecipientAccess inline:{{ann@ = reject_unlisted_recipient, warn_if_reject reject, defer}} | 450 4.3.2 <ann@ex.example>: Recipient address rejected: Try again later
          checkRecipientAccess inline:{ann@=someClass}        | ok
          warnIfReject checkRecipientAccess static:REJECT     | ok
          checkSenderMxAccess inline:{198.51.100.66=REJECT}   | ok
          """)
  void restrictionsOfOneRecipient(String steps, String expected) {
    Case.Rcpt asked = rcpt("192.0.2.7", "joe@far.example", "ann@ex.example").vouchedFor();
    String[] all = ("smtpdRecipientRestrictions; " + steps).split(";(?![^{]*})\\s*");

    assertThat(outcome(asked, all)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rejectNonFqdnSender        | joe@far             | 504 5.5.2 <joe@far>: Sender address rejected: need fully-qualified address
          rejectNonFqdnSender        | joe@[192.0.2.1]     | ok
          rejectUnknownSenderDomain  | joe@www.example     | ok
          rejectUnknownSenderDomain  | joe@none.example    | 450 4.1.8 <joe@none.example>: Sender address rejected: Domain not found
          rejectUnknownSenderDomain  | joe@nomail.example  | 550 5.7.27 <joe@nomail.example>: Sender address rejected: Domain nomail.example does not accept mail (nullMX)
          rejectUnknownSenderDomain  | joe@broken.example  | 450 4.1.8 <joe@broken.example>: Sender address rejected: Domain not found
          rejectUnknownSenderDomain  | joe@ex.example      | ok
          rejectUnknownSenderDomain  | ''                  | ok
          rejectUnlistedSender       | ann@ex.example      | ok
          rejectUnlistedSender       | joe@ex.example      | 550 5.1.0 <joe@ex.example>: Sender address rejected: User unknown in local recipient table
          checkSenderAccess inline:{<>=REJECT} | ''        | 554 5.7.1 <>: Sender address rejected: Access denied
          checkSenderMxAccess inline:{198.51.100=REJECT} | joe@bad.example | 554 5.7.1 <joe@bad.example>: Sender address rejected: Access denied
          checkSenderMxAccess inline:{bad.example=REJECT} | joe@bad.example | 554 5.7.1 <joe@bad.example>: Sender address rejected: Access denied
          checkSenderMxAccess inline:{bad.example=OK} | joe@bad.example | 451 4.3.5 Server configuration error
          checkSenderNsAccess inline:{198.51.100.67=REJECT} | joe@bad.example | 554 5.7.1 <joe@bad.example>: Sender address rejected: Access denied
          checkSenderAAccess inline:{203.0.113.10=REJECT} | joe@www.example | 554 5.7.1 <joe@www.example>: Sender address rejected: Access denied
          rejectSenderLoginMismatch inline:{ann@ex.example=ann} | ann@ex.example | 553 5.7.1 <ann@ex.example>: Sender address rejected: not logged in
          """)
  void restrictionsOfASender(String step, String sender, String expected) {
    Case.Rcpt asked = rcpt("198.51.100.1", sender, "ann@ex.example").vouchedFor();

    assertThat(outcome(asked, "smtpdSenderRestrictions", step)).isEqualTo(expected);
  }

  @Test
  void aUserMayUseHisOwnAddressesOnly() {
    String owners = "inline:{{ann@ex.example = bob, ann}, team@ex.example=bob}";

    assertThat(login("ann@ex.example", "rejectSenderLoginMismatch " + owners)).isEqualTo("ok");
    assertThat(login("team@ex.example", "rejectSenderLoginMismatch " + owners))
        .isEqualTo("553 5.7.1 <team@ex.example>: Sender address rejected: not owned by user ann");
    assertThat(login("x@far.example", "rejectSenderLoginMismatch " + owners)).startsWith("553");
    assertThat(login("x@far.example", "rejectKnownSenderLoginMismatch " + owners)).isEqualTo("ok");
  }

  private static String login(String sender, String step) {
    return outcome(
        Cases.rcpt(Cases.loggedIn(), sender, "ann@ex.example").vouchedFor(),
        "smtpdSenderRestrictions",
        step);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rejectInvalidHeloHostname | mail.far.example | ok
          rejectInvalidHeloHostname | a..b             | 501 5.5.2 <a..b>: Helo command rejected: Invalid name
          rejectInvalidHeloHostname | [192.0.2.1]      | ok
          rejectInvalidHeloHostname | [192.0.2.999]    | 501 5.5.2 <[192.0.2.999]>: Helo command rejected: invalid ip address
          rejectNonFqdnHeloHostname | pc7              | 504 5.5.2 <pc7>: Helo command rejected: need fully-qualified hostname
          rejectNonFqdnHeloHostname | [192.0.2.1]      | ok
          rejectInvalidHeloHostname | 192.0.2.10       | ok
          rejectNonFqdnHeloHostname | 192.0.2.10       | 504 5.5.2 <192.0.2.10>: Helo command rejected: need fully-qualified hostname
          rejectNonFqdnHeloHostname | mx.far.example.  | ok
          rejectNonFqdnHeloHostname | mx.              | 504 5.5.2 <mx.>: Helo command rejected: need fully-qualified hostname
          rejectInvalidHeloHostname | [2001:db8::1]    | 501 5.5.2 <[2001:db8::1]>: Helo command rejected: invalid ip address
          rejectNonFqdnHeloHostname | [2001:db8::1]    | 501 5.5.2 <[2001:db8::1]>: Helo command rejected: invalid ip address
          rejectInvalidHeloHostname | [ipv6:2001:db8::1] | ok
          rejectUnknownHeloHostname | [mx.far.example] | 501 5.5.2 <[mx.far.example]>: Helo command rejected: invalid ip address
          rejectUnknownHeloHostname | 203.0.113.10     | 450 4.7.1 <203.0.113.10>: Helo command rejected: Host not found
          rejectNonFqdnHeloHostname | ''               | ok
          rejectUnknownHeloHostname | www.example      | ok
          rejectUnknownHeloHostname | none.example     | 450 4.7.1 <none.example>: Helo command rejected: Host not found
          rejectUnknownHeloHostname | broken.example   | 450 4.7.1 <broken.example>: Helo command rejected: Host not found
          """)
  void restrictionsOfHelo(String step, String helo, String expected) {
    Client client = withHelo(helo, Client.UNKNOWN, Reverse.State.UNASKED);
    Case.Rcpt asked = Cases.rcpt(client, "joe@far.example", "ann@ex.example").vouchedFor();

    assertThat(outcome(asked, "smtpdHeloRestrictions", step)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rejectUnknownClientHostname        | mx.far.example | VERIFIED    | ok
          rejectUnknownClientHostname        | mx.far.example | FORGED      | 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]
          rejectUnknownClientHostname        | unknown        | ABSENT      | 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]
          rejectUnknownClientHostname        | unknown        | UNASKED     | ok
          rejectUnknownReverseClientHostname | mx.far.example | FORGED      | ok
          rejectUnknownReverseClientHostname | unknown        | UNAVAILABLE | 450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.7]
          checkClientAccess inline:{far.example=DUNNO, 192.0.2.7=REJECT} | mx.far.example | VERIFIED | ok
          checkClientAccess inline:{far.example=DUNNO, 192.0.2.7=REJECT} | mx.far.example | FORGED | 554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied
          checkReverseClientHostnameAccess inline:{far.example=REJECT} | mx.far.example | FORGED | 554 5.7.1 <unknown[192.0.2.7]>: Unverified Client host rejected: Access denied
          checkReverseClientHostnameAccess inline:{far.example=OK} | mx.far.example | FORGED | 451 4.3.5 Server configuration error
          rejectRhsblReverseClient rhs.example | far.example | FORGED | 554 5.7.1 Service unavailable; Unverified Client host [far.example] blocked using rhs.example
          """)
  void restrictionsOfAClientsName(String step, String name, Reverse.State state, String expected) {
    Client client = withHelo("mail.far.example", name, state);
    Case.Rcpt asked = Cases.rcpt(client, "joe@far.example", "ann@ex.example").vouchedFor();

    assertThat(outcome(asked, "smtpdClientRestrictions", step)).isEqualTo(expected);
  }

  @Test
  void aListThatWasToPermitAndDoesNotAnswerDefersWhatIsRejected() {
    Case.Rcpt asked = rcpt("192.0.2.9", "joe@far.example", "ann@ex.example").vouchedFor();

    assertThat(
            outcome(asked, "smtpdRecipientRestrictions", "permitDnswlClient wl.example", "reject"))
        .startsWith("450 4.7.1");
    assertThat(outcome(asked, "smtpdRecipientRestrictions", "permitDnswlClient wl.example"))
        .isEqualTo("ok");
  }

  @Test
  void severalRecipientsOfAReportAreRefusedAtData() {
    var data =
        new Case.Data(
            Cases.stranger("192.0.2.9"),
            ReversePath.NULL,
            List.of(Address.parse("ann@ex.example"), Address.parse("bob@ex.example")),
            Verdict.UNDECIDED,
            Passage.START);

    assertThat(words(after(data, "smtpdDataRestrictions", "rejectMultiRecipientBounce")))
        .isEqualTo("550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce");
  }

  @Test
  void behindTheEndOfDataTheMessageIsChangedAtOnce() {
    var message = new Case.Message(Cases.mail(Cases.own(), "Subject: x\r\n", "ann@ex.example"));

    var after =
        (Case.Message)
            after(
                message,
                "smtpdEndOfDataRestrictions",
                "checkSenderAccess inline:{{ far.example = BCC log@ex.example }}",
                "checkSenderAccess inline:{{ far.example = HOLD look }}",
                "checkSenderAccess inline:{{ far.example = PREPEND X-Seen: yes }}");

    assertThat(after.mail().recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("ann@ex.example", "log@ex.example");
    assertThat(after.mail().headers().toString()).startsWith("X-Seen: yes\r\nSubject: x\r\n");
    assertThat(words(after)).isEqualTo("hold <ann@far.example>: Sender address look");
    assertThat(after.tasks("routing")).isEmpty();
    assertThat(after.tasks("hold")).hasSize(1);
  }

  @Test
  void whatATableOrdersIsNotedForTheMessage() {
    Case.Listed noted =
        after(
            rcpt("192.0.2.7", "joe@far.example", "ann@ex.example"),
            "smtpdClientRestrictions",
            "checkClientAccess inline:{{ 192.0.2.7 = REDIRECT trap@ex.example }}",
            "checkClientAccess inline:{{ 192.0.2.7 = FILTER smtp:[127.0.0.1]:10025 }}",
            "checkClientAccess inline:{{ 192.0.2.7 = PREPEND X-From: there }}");

    assertThat(noted.passage().actions())
        .containsExactly(
            new MessageAction.Redirect(Address.parse("trap@ex.example")),
            new MessageAction.Filter(NamedTransport.filter("smtp:[127.0.0.1]:10025")),
            new MessageAction.Prepend("X-From: there"));
  }

  @Test
  void whatWouldHaveBeenRejectedIsLoggedAsPostfixDoes() {
    try (var log = new LogLines("org.caravanmta.restriction")) {
      outcome(
          rcpt("192.0.2.7", "joe@far.example", "ann@ex.example"),
          "smtpdRecipientRestrictions",
          "warnIfReject reject",
          "checkClientAccess inline:{{ 192.0.2.7 = WARN look here }}");

      assertThat(log.lines())
          .containsExactly(
              "INFO NOQUEUE: reject_warning: RCPT from unknown[192.0.2.7]: 554 5.7.1"
                  + " <ann@ex.example>: Recipient address rejected: Access denied;"
                  + " from=<joe@far.example> to=<ann@ex.example> proto=ESMTP"
                  + " helo=<mail.far.example>",
              "INFO NOQUEUE: warn: RCPT from unknown[192.0.2.7]: <unknown[192.0.2.7]>: Client host"
                  + " look here; from=<joe@far.example> to=<ann@ex.example> proto=ESMTP"
                  + " helo=<mail.far.example>");
    }
  }

  @Test
  void theOperatorHasHisOwnWordsForAList() {
    RestrictionStep step =
        restrictions("inline:{{bl.example = 521 5.7.9 $rbl_what is bad${rbl_reason?: $rbl_txt}}}")
            .step("rejectRblClient bl.example")
            .orElseThrow();

    assertThat(words((Case.Listed) step.check(rcpt("192.0.2.7", "", "ann@ex.example"))))
        .isEqualTo("521 5.7.9 192.0.2.7 is bad: spam seen");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          checkClientAccess                                   | expected a table such as
          checkClientAccess inline:{a=FILTER xy}              | expected FILTER transport:destination
          checkClientAccess inline:{a=reject_nothing}         | there is no restriction "reject_nothing"
          checkClientAccess inline:{a=550}                    | expected a text after 550
          checkClientAccess inline:{{a = check_helo_access static:OK}} | put it into a restriction class
          rejectRblClient zen..example                        | expected ZONE or ZONE=FILTER
          permitMynetworks permit                             | expected one restriction for each step
          rejectUnverifiedSender                              | addresses are not verified
          checkRelayDomains                                   | use reject_unauth_destination
          checkPolicyService 127.0.0.1                        | expected a policy server such as
          """)
  void whatCannotBeUnderstoodIsRefusedAtTheStart(String step, String why) {
    assertThatThrownBy(() -> restrictions().step(step))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void otherBeansAreNotRestrictions() {
    assertThat(restrictions().step("greylist")).isEmpty();
  }

  private static String[] append(String[] steps, String last) {
    String[] more = java.util.Arrays.copyOf(steps, steps.length + 1);
    more[steps.length] = last;
    return more;
  }
}
