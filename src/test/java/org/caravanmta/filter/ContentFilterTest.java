package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Action;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Passage;
import org.junit.jupiter.api.Test;

/// Which content filter a message goes to (postfix `FILTER_README`).
class ContentFilterTest {
  private static final Hop USUAL = Hop.filter("smtp:[127.0.0.1]:10025");
  private static final Hop OTHER = Hop.filter("lmtp:[127.0.0.1]:10024");

  private final Mail mail = Cases.mail(Cases.own(), "Subject: x\r\n", "bob@ex.example");

  @Test
  void theUsualOneUnlessATableHasChosenAnother() {
    assertThat(chosen(USUAL)).contains(USUAL);
    assertThat(chosen(USUAL, new Action.Filter(USUAL), new Action.Filter(OTHER))).contains(OTHER);
  }

  @Test
  void noneForAMessageThatIsRedirected() {
    var elsewhere = new Action.Redirect(Address.of("trap", "ex.example"));

    assertThat(chosen(USUAL, elsewhere)).isEmpty();
    assertThat(chosen(USUAL, elsewhere, new Action.Filter(OTHER))).isEmpty();
  }

  private Optional<Hop> chosen(Hop usual, Action... ordered) {
    var actions = List.of(ordered);
    Passage passage = Passage.START;
    for (Action action : actions) {
      passage = passage.and(action);
    }
    Case.Message message = new Case.Message(Action.apply(actions, mail)).with(passage);
    Case after = new ContentFilter(Optional.of(usual)).choose(message);
    return ((Case.Message) after).mail().envelope().filter();
  }
}
