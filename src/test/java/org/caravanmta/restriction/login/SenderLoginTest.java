package org.caravanmta.restriction.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Client;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Login;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderLoginTest {
  private static final String TABLE =
      "inline:{ann@example.org=ann, {sales@example.org=ann, bob}, bob@example.org=bob}";
  private final SenderLogin restriction =
      new SenderLogin(Cases.search("example.org", TABLE), new Origin(new Domain("example.org")));

  @ParameterizedTest
  @CsvSource({
    "ann, ann@example.org, ''",
    "ann, sales@example.org, ''",
    "bob, sales@example.org, ''",
    "ann, '', ''",
    "ann, bob@example.org, not owned by user ann",
    "ann, ann@elsewhere.example, not owned by user ann",
    "'', ann@example.org, not logged in",
    "'', zed@elsewhere.example, ''"
  })
  void aReversePathIsItsOwners(String login, String sender, String why) {
    Case answer =
        restriction.check(Cases.rcpt(client(login, "submission"), sender, "joe@far.example"));

    if (why.isEmpty()) {
      assertThat(answer.verdict()).isEqualTo(Verdict.UNDECIDED);
    } else {
      assertThat(((Verdict.Reject) answer.verdict()).reply())
          .hasToString("553 5.7.1 <" + sender + ">: Sender address rejected: " + why);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann@example.org | ",
        "\"Bob <bob@example.org>\" <ann@example.org> | ",
        "Ann (bob@example.org) <ann@example.org> | ",
        "ann | ",
        "example.org!ann | ",
        "ann%example.org | ",
        // fields are rewritten later
        "example.org!bob | example.org!bob",
        "bob%example.org | bob%example.org",
        "bob@example.org. | bob@example.org.",
        "Bob <bob@example.org> | bob@example.org",
        "Ann <ann@example.org>, Bob <bob@example.org> | bob@example.org",
        "us: ann@example.org, bob@example.org; | bob@example.org",
        "Ann <ann@example.org> <bob@example.org> | bob@example.org",
        "bob@example.org (Ann <ann@example.org>) | bob@example.org",
        "no address at all | no address at all"
      })
  void soIsEveryAddressInFrom(String from, String refused) {
    var mail =
        Cases.mail(client("ann", "submissions"), "From: " + from + "\r\n", "joe@far.example");

    Case answer = restriction.check(new Case.Message(mail));

    if (refused == null) {
      assertThat(answer.verdict()).isEqualTo(Verdict.UNDECIDED);
    } else {
      assertThat(((Verdict.Reject) answer.verdict()).reply().toString())
          .startsWith("553 5.7.1 <" + refused + ">: Sender address rejected: not owned");
    }
  }

  @Test
  void otherListenersAndNoTablesAskNobody() {
    var none = new SenderLogin(Cases.search("example.org"), new Origin(new Domain("example.org")));

    assertThat(
            restriction
                .check(Cases.rcpt(client("", "smtp"), "ann@example.org", "joe@far.example"))
                .open())
        .isTrue();
    assertThat(
            none.check(
                    Cases.rcpt(client("ann", "submission"), "bob@example.org", "joe@far.example"))
                .open())
        .isTrue();
  }

  private static Client client(String login, String listener) {
    Client client = Cases.own().with(Entrance.by(listener));
    return login.isEmpty() ? client : client.with(new Login(login, Optional.empty()));
  }
}
