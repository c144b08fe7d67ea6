package org.caravanmta.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Resolution;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.policy.Verdict;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.DomainPattern;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A domain in two classes, and what a stranger is told of who is in which table.
class DomainClassesTest {
  private static final Domain BOTH = new Domain("both.example");

  @Test
  void aDomainInTwoClassesIsNamed() {
    try (var log = new LogLines(DomainClasses.class.getName())) {
      DomainClasses.warn(
          new DomainSettings(
              List.of(
                  new DomainPattern("both.example"),
                  new DomainPattern("one.example"),
                  new DomainPattern("!two.example")),
              List.of(),
              List.of(),
              List.of(
                  new DomainPattern("Both.Example"),
                  new DomainPattern("two.example"),
                  new DomainPattern("hash:/etc/caravan/domains"))));
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("Both.Example is in domains.own and in domains.relay: the former counts");
    }
  }

  /// The reply is that of our own domains, whatever else the domain is, and names the table or not.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ourOwnComesFirst(boolean named) {
    var recipients =
        new KnownRecipients(
            new Resolution(Set.of(BOTH)),
            new RelayDomains(Set.of(BOTH)),
            List.of(),
            Deliverability.FINE,
            Cases.search("both.example", "inline:{ann=x}"),
            none(),
            new VirtualDomains(Set.of(BOTH), new SearchPath(List.of()), Set.of(BOTH)),
            none(),
            new RecipientSettings(List.of(), List.of(), List.of(), named),
            RefusalCodes.USUAL);
    assertThat(recipients.check(Cases.rcpt(Cases.own(), "", "nobody@both.example")).verdict())
        .isInstanceOfSatisfying(
            Verdict.Reject.class,
            reject ->
                assertThat(reject.reply())
                    .hasToString(
                        "550 5.1.1 <nobody@both.example>: Recipient address rejected: User unknown"
                            + (named ? " in local recipient table" : "")));
    assertThat(recipients.check(Cases.rcpt(Cases.own(), "", "ann@both.example")).verdict())
        .isInstanceOf(Verdict.Undecided.class);
  }

  private static AddressSearch none() {
    return new AddressSearch(new SearchPath(List.of()), new Extensions("+"), _ -> false);
  }
}
