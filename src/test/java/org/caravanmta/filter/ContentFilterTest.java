package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Reverse;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which content filter a message goes to (postfix `FILTER_README`).
class ContentFilterTest {
  private static final NamedTransport USUAL = NamedTransport.filter("smtp:[127.0.0.1]:10025");
  private static final NamedTransport OTHER = NamedTransport.filter("lmtp:[127.0.0.1]:10024");

  private final Mail mail = Cases.mail(Cases.own(), "Subject: x\r\n", "bob@ex.example");

  @Test
  void theUsualOneUnlessATableHasChosenAnother() {
    assertThat(chosen(USUAL)).contains(USUAL);
    assertThat(chosen(USUAL, new MessageAction.Filter(USUAL), new MessageAction.Filter(OTHER)))
        .contains(OTHER);
  }

  @Test
  void noneForAMessageThatIsRedirected() {
    var elsewhere = new MessageAction.Redirect(Address.of("trap", "ex.example"));

    assertThat(chosen(USUAL, elsewhere)).isEmpty();
    assertThat(chosen(USUAL, elsewhere, new MessageAction.Filter(OTHER))).isEmpty();
  }

  /// Postfix's recipe for a filter that gives mail back by sendmail would turn forever otherwise.
  @ParameterizedTest
  @CsvSource({"maildrop, 33, false", "relayed, 33, false", "maildrop, 34, true", "smtp, 33, true"})
  void whatTheFilterItselfHasPostedIsNotFilteredAgain(String listener, int user, boolean again) {
    Client client = Cases.own();
    var posted =
        new Client(
            new ClientHost(client.address(), 0, "x", Reverse.UNASKED, true),
            new Greeting("x", "ESMTP"),
            Entrance.by(listener));
    Mail mail =
        Cases.mail(
            posted,
            "Received: by mx.ex.example (Caravan, from userid "
                + user
                + ")\r\n\tid 4; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n"
                + "Received: by mx.ex.example (Caravan, from userid 33)\r\n",
            "bob@ex.example");
    Case after =
        new ContentFilter(Optional.of(USUAL), OptionalInt.of(33), "mx.ex.example")
            .choose(new Case.Message(mail));
    assertThat(((Case.Message) after).mail().envelope().filter().isPresent()).isEqualTo(again);
  }

  /// RFC 8689 §4.2: by the field that we wrote when the message came the first time.
  @ParameterizedTest
  @CsvSource({
    "maildrop, 33, (REQUIRETLS) by mx.ex.example, true",
    "maildrop, 33, by mx.ex.example, false",
    "maildrop, 33, by mx.far.example, true",
    "maildrop, 34, (REQUIRETLS) by mx.ex.example, false",
    "smtp, 33, (REQUIRETLS) by mx.ex.example, false"
  })
  void whatTheFilterHasPostedStillRequiresTls(
      String listener, int user, String by, boolean required) {
    var posted =
        new Client(
            new ClientHost(Cases.own().address(), 0, "x", Reverse.UNASKED, true),
            new Greeting("x", "ESMTP"),
            Entrance.by(listener));
    Mail given =
        Cases.mail(
            posted,
            "Received: by mx.ex.example (Caravan, from userid "
                + user
                + ")\r\n\tid 4; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n"
                + "Received: from a (a [192.0.2.1])\r\n\t"
                + by
                + " (Caravan) with ESMTPS id 3;\r\n\tTue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n"
                + "Received: from a (a [192.0.2.1])\r\n\t(REQUIRETLS) by mx.ex.example (Caravan)"
                + " with ESMTPS id 2;\r\n\tTue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n",
            "bob@ex.example");
    Case after =
        new ContentFilter(Optional.of(USUAL), OptionalInt.of(33), "mx.ex.example")
            .choose(new Case.Message(given));
    assertThat(((Case.Message) after).mail().envelope().parameters().requireTls())
        .isEqualTo(required);
  }

  private Optional<NamedTransport> chosen(NamedTransport usual, MessageAction... ordered) {
    var actions = List.of(ordered);
    RestrictionState restrictionState = RestrictionState.START;
    for (MessageAction action : actions) {
      restrictionState = restrictionState.and(action);
    }
    Case.Message message =
        new Case.Message(MessageAction.apply(actions, mail)).with(restrictionState);
    Case after =
        new ContentFilter(Optional.of(usual), OptionalInt.of(33), "mx.ex.example").choose(message);
    return ((Case.Message) after).mail().envelope().filter();
  }
}
