package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.AfterQueueSettings.Refused;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a message along the steps of a route after the queue.
class AfterQueueTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final NamedTransport SCAN = new NamedTransport("filter.scan", "");
  private static final Judgement NO_ANSWER = new Judgement.NoAnswer("away");
  private static final Judgement SPAM = new Judgement.Refuse(Reply.of(554, "5.7.1", "spam"));

  @TempDir Path directory;
  private final List<String> refusals = new CopyOnWriteArrayList<>();

  /// Mail on its way through `filter.scan`.
  private static Mail mail() {
    Mail mail = Letters.to("b@example.com");
    return mail.with(mail.envelope().through(Optional.of(SCAN)));
  }

  private FilterHouse house(Refused refused) throws Exception {
    return new FilterHouse(
        "mx.example.com",
        ContentStore.open(directory),
        () -> "4XyZ12abcdz3l",
        1000,
        UnaryOperator.identity(),
        _ -> (_, _) -> new byte[0],
        refused,
        (mail, filter, why) -> refusals.add(filter + " " + why),
        InstantSource.fixed(Letters.ARRIVED));
  }

  private FilterStep step(String name, DefaultAction action, Judgement answer) throws Exception {
    return step(name, action, answer, Refused.QUARANTINE);
  }

  private FilterStep step(String name, DefaultAction action, Judgement answer, Refused refused)
      throws Exception {
    return FilterStep.of(name, action, house(refused), _ -> FilterAnswer.of(answer));
  }

  private FilterStep passing(String name) throws Exception {
    return step(name, DefaultAction.TEMPFAIL, Judgement.PASS);
  }

  /// A filter that delivers what it passes.
  private FilterStep taking(List<Mail> shown) throws Exception {
    return FilterStep.of(
        "smtp 127.0.0.1:10024",
        DefaultAction.TEMPFAIL,
        house(Refused.QUARANTINE),
        new MessageFilter() {
          @Override
          public FilterAnswer examine(Examined message) {
            shown.add(message.mail());
            return FilterAnswer.of(new Judgement.Taken(Reply.of(250, "2.0.0", "Ok")));
          }

          @Override
          public boolean takesOver() {
            return true;
          }
        });
  }

  /// Settles at a time after the arrival.
  ///
  /// @param lifetime how old mail may get
  private static Task settled(
      Filtered filtered, AfterQueueSettings settings, Duration age, Duration lifetime) {
    Instant now = filtered.envelope().arrived().plus(age);
    var deferral =
        new Deferral() {
          @Override
          public Handover defer(Mail mail, Reason reason) {
            return Handover.of(
                List.of(new Task(isOver(mail) ? Queues.REPORT : "deferred.1m", mail)));
          }

          @Override
          public boolean isOver(Mail mail) {
            return !now.isBefore(mail.envelope().arrived().plus(lifetime));
          }
        };
    Handover handover =
        new AfterQueue(settings, deferral, InstantSource.fixed(now)).settle(filtered);
    assertThat(handover.all()).hasSize(1);
    return handover.all().getFirst();
  }

  private static Task settled(Filtered filtered) {
    return settled(
        filtered,
        new AfterQueueSettings(Refused.QUARANTINE, DAY, "hold"),
        Duration.ZERO,
        DAY.multipliedBy(5));
  }

  private static Mail released(Task task) {
    Mail mail = (Mail) task.body();
    assertThat(task.queue()).isEqualTo(Queues.QUARANTINE);
    return mail.with(mail.envelope().released(Letters.ARRIVED));
  }

  @Test
  void whatIsSetAsideIsNotShownToAFilterThatWouldDeliverIt() throws Exception {
    var shown = new CopyOnWriteArrayList<Mail>();
    Filtered aside =
        step("rspamd x", DefaultAction.TEMPFAIL, new Judgement.Quarantine("odd"))
            .check(Filtered.of(mail()));
    Filtered after = taking(shown).check(aside);
    assertThat(shown).isEmpty();
    assertThat(after).isEqualTo(aside);

    Mail released = released(settled(after));
    assertThat(released.envelope().filter()).contains(SCAN);
    Filtered again =
        step("rspamd x", DefaultAction.TEMPFAIL, new Judgement.Quarantine("asked again"))
            .check(Filtered.of(released));
    assertThat(taking(shown).check(again).judgement()).isInstanceOf(Judgement.Taken.class);
    assertThat(shown).hasSize(1);
  }

  @Test
  void whatAFilterHasRefusedIsShownToTheLaterOnesWhenItIsReleased() throws Exception {
    Filtered first = passing("pipe a").check(Filtered.of(mail()));
    Filtered refused = step("rspamd x", DefaultAction.TEMPFAIL, SPAM).check(first);
    Filtered unseen =
        step("clamd y", DefaultAction.TEMPFAIL, new Judgement.Quarantine("Eicar")).check(refused);
    assertThat(unseen).as("it is refused").isEqualTo(refused);

    Mail released = released(settled(unseen));
    assertThat(released.envelope().passage().passed()).containsExactly("pipe a", "rspamd x");
    assertThat(released.envelope().filter()).contains(SCAN);
    Filtered again =
        step("rspamd x", DefaultAction.TEMPFAIL, SPAM)
            .check(step("pipe a", DefaultAction.TEMPFAIL, SPAM).check(Filtered.of(released)));
    assertThat(again.judgement()).isEqualTo(Judgement.PASS);
    assertThat(
            step("clamd y", DefaultAction.TEMPFAIL, new Judgement.Quarantine("Eicar"))
                .check(again)
                .judgement())
        .isEqualTo(new Judgement.Quarantine("Eicar"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mailThatIsTooOldToWaitIsNotReturned(boolean disconnects) {
    Judgement judgement =
        disconnects ? new Judgement.Disconnect(Reply.of(421, "4.7.0", "go away")) : NO_ANSWER;
    Filtered filtered = Filtered.of(mail()).decided(judgement, "milter x");
    // patience is longer than mail may wait
    var settings = new AfterQueueSettings(Refused.QUARANTINE, DAY.multipliedBy(9), "hold");
    Duration lifetime = DAY.multipliedBy(5);
    assertThat(settled(filtered, settings, lifetime.minusSeconds(1), lifetime).queue())
        .isEqualTo("deferred.1m");
    assertThat(settled(filtered, settings, lifetime, lifetime).queue()).isEqualTo(Queues.HOLD);
    var usual = new AfterQueueSettings(Refused.QUARANTINE, DAY, "hold");
    assertThat(settled(filtered, usual, DAY, lifetime).queue()).isEqualTo(Queues.HOLD);
  }

  @Test
  void aSubstituteThatGivesNoAnswerEitherHasTheMailHeld() {
    Filtered filtered = Filtered.of(mail()).decided(NO_ANSWER, "clamd y");
    var settings = new AfterQueueSettings(Refused.QUARANTINE, DAY, "filter.other");
    Task substituted = settled(filtered, settings, DAY, DAY.multipliedBy(5));
    assertThat(substituted.queue()).isEqualTo(Queues.ROUTING);
    Mail mail = (Mail) substituted.body();
    assertThat(mail.envelope().filter()).contains(new NamedTransport("filter.other", ""));
    assertThat(
            settled(
                    Filtered.of(mail).decided(NO_ANSWER, "clamd z"),
                    settings,
                    DAY,
                    DAY.multipliedBy(5))
                .queue())
        .isEqualTo(Queues.HOLD);
  }

  @Test
  void theSubstituteMayBeWrittenAsAContentFilterIs() {
    assertThat(new AfterQueueSettings(Refused.QUARANTINE, DAY, "filter.other:").failing())
        .isEqualTo("filter.other");
  }

  @Test
  void whatIsSetAsideForWantOfAnAnswerStaysSoWhenALaterFilterGivesNone() throws Exception {
    Filtered aside =
        step("clamd y", DefaultAction.QUARANTINE, NO_ANSWER).check(Filtered.of(mail()));
    Filtered after = step("spamd z", DefaultAction.TEMPFAIL, NO_ANSWER).check(aside);
    assertThat(after.judgement()).isInstanceOf(Judgement.NoAnswer.class);
    Task task =
        settled(
            after,
            new AfterQueueSettings(Refused.QUARANTINE, DAY, "mark"),
            DAY,
            DAY.multipliedBy(5));
    assertThat(task.queue()).isEqualTo(Queues.QUARANTINE);
    assertThat(((Mail) task.body()).envelope().passage().custody().orElseThrow())
        .returns("clamd y", Custody::filter)
        .returns("not seen by the filter: away", Custody::why);
  }

  @Test
  void whatIsSetAsideDoesNotGoOnWithAMark() {
    var before = new Custody("spamd x", "spam", OptionalDouble.of(15.2), Letters.ARRIVED);
    Mail mail = mail();
    Mail aside = mail.with(mail.envelope().with(mail.envelope().passage().in(before)));
    Filtered unanswered =
        Filtered.of(aside).decided(new Judgement.NoAnswer("refused"), "milter inet:[::1]:1");
    Duration second = Duration.ofSeconds(1);
    var settings = new AfterQueueSettings(Refused.QUARANTINE, second, "mark");
    Task task = settled(unanswered, settings, second, DAY);
    assertThat(task.queue()).isEqualTo(Queues.QUARANTINE);
    assertThat(((Mail) task.body()).envelope().passage().custody())
        .contains(
            new Custody("spamd x", "spam", OptionalDouble.of(15.2), Letters.ARRIVED.plus(second)));
  }

  @ParameterizedTest
  @CsvSource({
    "DISCARD,    true,  a@example.org, false, discard",
    "DISCARD,    false, a@example.org, false, discard",
    "REPORT,     true,  a@example.org, false, refuse",
    "REPORT,     true,  a@example.org, true,  discard",
    "REPORT,     true,  <>,            false, discard",
    "REPORT,     false, a@example.org, false, aside",
    "QUARANTINE, true,  a@example.org, false, aside"
  })
  void whatEndsWithARefusalIsNotedAndWhatIsDroppedLeavesNothing(
      Refused refused, boolean trusted, String sender, boolean silent, String end)
      throws Exception {
    Address address = Address.parse("b@example.com");
    Optional<Notify> notify = silent ? Optional.of(Notify.NEVER) : Optional.empty();
    ClientHost host = Letters.CLIENT.host();
    Client client =
        Letters.CLIENT.with(
            new ClientHost(host.address(), host.port(), host.name(), host.reverse(), trusted));
    Mail mail =
        new Mail(
            Envelope.of(
                "4XyZ12abcdz3k",
                ReversePath.parse(sender.replace("<>", "")),
                List.of(
                    new Recipient(address, address, notify, Optional.empty(), Optional.empty())),
                client,
                MailOptions.NONE,
                Letters.ARRIVED),
            mail().headers(),
            mail().content());
    Filtered after =
        step("rspamd x", DefaultAction.TEMPFAIL, SPAM, refused).check(Filtered.of(mail));
    assertThat(after.isKept()).isEqualTo(!end.equals("discard"));
    if (end.equals("aside")) {
      assertThat(refusals).isEmpty();
      assertThat(released(settled(after)).id()).isEqualTo(mail.id());
    } else {
      assertThat(refusals).containsExactly("rspamd x rejected: 554 5.7.1 spam");
    }
    if (end.equals("refuse")) {
      assertThat(
              settled(
                      after,
                      new AfterQueueSettings(refused, DAY, "hold"),
                      Duration.ZERO,
                      DAY.multipliedBy(5))
                  .queue())
          .isEqualTo(Queues.REPORT);
    }
  }

  @Test
  void theTimeInTheQuarantineIsNotPartOfTheAge() {
    Instant since = Letters.ARRIVED.plusSeconds(60);
    Mail mail = mail();
    var custody = new Custody("clamd y", "Eicar", OptionalDouble.empty(), since);
    Mail aside = mail.with(mail.envelope().with(mail.envelope().passage().in(custody)));
    assertThat(aside.envelope().released(since.plus(DAY)).arrived())
        .isEqualTo(Letters.ARRIVED.plus(DAY));
    assertThat(mail.envelope().released(since.plus(DAY)).arrived()).isEqualTo(Letters.ARRIVED);
  }
}
