package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Reverse;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each restriction of Postfix's says of a recipient, a sender, a HELO and a client's name.
class RestrictionWordsTest extends AskedLists {
  private static Client withHelo(String helo, String name, Reverse.State state) {
    return new Client(
            ClientHost.of(InetAddress.ofLiteral("192.0.2.7"), 40000, false),
            new Greeting(helo, "ESMTP"),
            Entrance.by("smtp"))
        .named(new Reverse(name, state));
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
}
