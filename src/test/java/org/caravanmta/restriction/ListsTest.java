package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What several restrictions come to in their lists, and what they note for later.
class ListsTest extends AskedLists {
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
            RestrictionState.START);

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

    assertThat(noted.restrictionState().actions())
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
