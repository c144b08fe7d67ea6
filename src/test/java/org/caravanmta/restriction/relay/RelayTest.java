package org.caravanmta.restriction.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Resolution;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.policy.BrokenTable;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Own domain `own.example`, relay domain `rel.example`.
class RelayTest {
  private static final Resolution RESOLUTION = new Resolution(Set.of(new Domain("own.example")));
  private static final RelayDomains RELAYED = new RelayDomains(Set.of(new Domain("rel.example")));

  private static final VirtualDomains VIRTUAL =
      new VirtualDomains(
          Set.of(new Domain("named.example")),
          Cases.search(
                  "own.example",
                  "inline:{va.example=anything, info@va.example=ann}",
                  "regexp:{{/example/ x}}")
              .path());

  private final Relay relay = new Relay(RESOLUTION, RELAYED, VIRTUAL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@own.example",
        "ann@OWN.example.",
        "bob@rel.example",
        "bob@mail.rel.example",
        "ann%own.example@own.example",
        "\"ann@own.example\"@own.example",
        "\"ann@rel.example\"@own.example",
      })
  void mailForOurDomainsIsTakenFromAnybody(String recipient) {
    assertThat(vouched(recipient)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u@far.example",
        "u@notrel.example",
        "u@xown.example",
        "u@sub.own.example",
        "user%far.example@own.example",
        "far.example!user@own.example",
        "\"user@far.example\"@own.example",
        "\"@own.example:user@far.example\"@own.example",
        "user%far.example%own.example@own.example",
        "\"user%far.example@own.example\"@own.example",
        "user%far.example@rel.example",
        "far.example!user@rel.example",
        "\"user@far.example\"@rel.example",
        "\"user%far.example\"@rel.example",
        "user@[192.0.2.1]",
        "user%@own.example",
      })
  void nobodyRelaysThroughUs(String recipient) {
    assertThat(vouched(recipient)).isFalse();
  }

  /// Postfix: resolve_dequoted_address = no.
  @Test
  void whatNeedsQuotesMayBeANameOfOurs() {
    var names =
        new Relay(
            new Resolution(
                DomainList.of(Set.of(new Domain("own.example"))),
                Set.of(InetAddress.ofLiteral("192.0.2.1")),
                Optional.of(new Domain("own.example")),
                true,
                true,
                false,
                false,
                Resolution.MAILER_DAEMON),
            RELAYED,
            VIRTUAL);
    for (String ours :
        List.of(
            "\"user@far.example\"@own.example",
            "\"a user%far.example\"@own.example",
            "\"user@far.example\"@[192.0.2.1]",
            "\"\"@own.example")) {
      assertThat(vouched(names, ours)).as(ours).isTrue();
    }
    for (String elsewhere :
        List.of(
            "user%far.example@own.example",
            "far.example!user@own.example",
            "user%far.example@[192.0.2.1]",
            "\"user@far.example\"@rel.example",
            "\"user@far.example\"@[192.0.2.2]")) {
      assertThat(vouched(names, elsewhere)).as(elsewhere).isFalse();
    }
  }

  @Test
  void ourOwnClientsRelayAnywhere() {
    for (var client : List.of(Cases.own(), Cases.loggedIn())) {
      assertThat(relay.check(Cases.rcpt(client, "", "u@far.example")))
          .isInstanceOfSatisfying(
              Case.Rcpt.class,
              rcpt -> {
                assertThat(rcpt.vouched()).isTrue();
                assertThat(rcpt.open()).isTrue();
              });
    }
  }

  @Test
  void theReinjectionListenerIsForOwnNetworksOnly() {
    assertThat(relay.ownNetworksOnly(Cases.rcpt(Cases.own(), "", "u@far.example")))
        .matches(c -> ((Case.Rcpt) c).vouched());
    for (var client : List.of(Cases.loggedIn(), Cases.stranger("192.0.2.9"))) {
      assertThat(relay.ownNetworksOnly(Cases.rcpt(client, "", "ann@own.example")))
          .matches(c -> !((Case.Rcpt) c).vouched());
    }
  }

  @Test
  void whatIsDecidedStaysSo() {
    Case decided =
        Cases.rcpt(Cases.own(), "", "ann@own.example")
            .decided(new Verdict.Reject(Reply.of(550, "5.7.1", "no")));
    Case connection = new Case.Connection(Cases.own(), Verdict.UNDECIDED);

    assertThat(relay.check(decided)).isEqualTo(decided);
    assertThat(recipients("inline:{}", "inline:{}").check(decided)).isEqualTo(decided);
    assertThat(relay.check(connection)).isEqualTo(connection);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@own.example",
        "ann+news@own.example",
        "PostMaster@own.example",
        "mailer-daemon@own.example",
        "info@own.example",
        "bob@rel.example",
        "sales@rel.example",
        "anybody@far.example",
        "ann%own.example@own.example",
      })
  void whoExistsIsLetThrough(String recipient) {
    Case.Rcpt asked = Cases.rcpt(Cases.own(), "x@far.example", recipient);

    assertThat(recipients("inline:{ann=x}", "inline:{bob@rel.example=x}").check(asked))
        .isEqualTo(asked);
  }

  @Test
  void whoDoesNotExistIsRefusedInTheDialogue() {
    assertThat(verdict("inline:{ann=x}", "inline:{bob@rel.example=x}", "nobody@own.example"))
        .isEqualTo(
            new Verdict.Reject(
                Reply.of(
                    550,
                    "5.1.1",
                    "<nobody@own.example>: Recipient address rejected: User unknown in local"
                        + " recipient table")));
    assertThat(verdict("inline:{ann=x}", "inline:{bob@rel.example=x}", "no@a.rel.example"))
        .isEqualTo(
            new Verdict.Reject(
                Reply.of(
                    550,
                    "5.1.1",
                    "<no@a.rel.example>: Recipient address rejected: User unknown in relay"
                        + " recipient table")));
  }

  @Test
  void withoutTablesEverybodyExists() {
    var everybody =
        new KnownRecipients(RESOLUTION, RELAYED, List.of(), Deliverability.FINE, none(), none());
    Case.Rcpt asked = Cases.rcpt(Cases.own(), "", "anybody@own.example");

    assertThat(everybody.check(asked)).isEqualTo(asked);
  }

  @Test
  void aTableThatCannotBeAskedDefers() {
    var broken =
        new AddressSearch(
            new SearchPath(List.of(new BrokenTable("ldap"))), new Extensions("+"), _ -> true);

    for (var recipients :
        List.of(
            new KnownRecipients(
                RESOLUTION, RELAYED, List.of(), Deliverability.FINE, broken, none()),
            new KnownRecipients(
                RESOLUTION,
                RELAYED,
                List.of(broken),
                Deliverability.FINE,
                Cases.search("own.example", "inline:{}"),
                none()))) {
      assertThat(recipients.check(Cases.rcpt(Cases.own(), "", "ann@own.example")).verdict())
          .isEqualTo(
              new Verdict.Defer(
                  Reply.of(451, "4.3.0", "<ann@own.example>: Temporary lookup failure")));
    }
  }

  @Test
  void aDomainThatIsOnlyInTheTableOfAliasesIsOurs() {
    assertThat(vouched("info@va.example")).isTrue();
    assertThat(vouched("nobody@VA.example")).isTrue();
    assertThat(vouched("x@named.example")).isTrue();
    assertThat(vouched("x@sub.va.example")).isFalse();
    assertThat(vouched("x%far.example@va.example")).isFalse();
  }

  @Test
  void tablesOfAliasesThatCannotBeAskedDeferAStranger() {
    var broken =
        new Relay(
            RESOLUTION,
            RELAYED,
            new VirtualDomains(Set.of(), new SearchPath(List.of(new BrokenTable("ldap")))));
    assertThat(
            broken.check(Cases.rcpt(Cases.stranger("192.0.2.9"), "", "ann@far.example")).verdict())
        .isInstanceOf(Verdict.Defer.class);
  }

  private boolean vouched(String recipient) {
    return vouched(relay, recipient);
  }

  private static boolean vouched(Relay relay, String recipient) {
    Case answer = relay.check(Cases.rcpt(Cases.stranger("192.0.2.9"), "x@far.example", recipient));
    return ((Case.Rcpt) answer).vouched();
  }

  private static Verdict verdict(String own, String relay, String recipient) {
    return recipients(own, relay)
        .check(Cases.rcpt(Cases.stranger("192.0.2.9"), "", recipient))
        .verdict();
  }

  private static KnownRecipients recipients(String own, String relay) {
    return new KnownRecipients(
        RESOLUTION,
        RELAYED,
        List.of(
            Cases.search("own.example", "inline:{info=ann, sales@rel.example=bob@rel.example}")),
        Deliverability.FINE,
        Cases.search("own.example", own),
        Cases.search("own.example", relay));
  }

  private static AddressSearch none() {
    return new AddressSearch(new SearchPath(List.of()), new Extensions("+"), _ -> false);
  }
}
