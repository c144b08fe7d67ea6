package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.filter.AfterQueueSettings.Refused.QUARANTINE;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.message.Client;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.SessionKeep;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a step makes of its filter's answers, and of a fault of ours.
class FilterStepTest {
  private static final String STEP = "spamd inet:127.0.0.1:783";

  @TempDir Path directory;
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private FilterHouse house;

  @BeforeEach
  void open() throws Exception {
    house =
        new FilterHouse(
            "mx.example.com",
            ContentStore.open(directory),
            () -> "4XyZ12abcdz3l",
            1000,
            UnaryOperator.identity(),
            _ -> (_, _) -> new byte[0],
            AfterQueueSettings.Refused.QUARANTINE,
            (mail, filter, why) -> refusals.add(mail.id() + " " + filter + " " + why),
            InstantSource.fixed(Letters.ARRIVED));
  }

  private FilterStep answering(FilterAnswer answer) {
    return FilterStep.of(STEP, DefaultAction.TEMPFAIL, house, _ -> answer);
  }

  /// Recipients hear of what does not reach them, and not of what comes again or is kept.
  @Test
  void whatIsKeptFromItsRecipientsIsNoted() {
    var message = new Case.Message(Letters.to("b@example.com"));
    String id = message.mail().id();
    var rejected =
        new FilterAnswer(
            new Judgement.Refuse(Reply.of(554, "5.7.1", "spam")),
            List.of(),
            "",
            OptionalDouble.of(15.2));
    answering(rejected).check(message, null);
    answering(FilterAnswer.of(new Judgement.Discard("a virus"))).check(message, null);
    answering(FilterAnswer.of(new Judgement.Discard("late"))).check(Filtered.of(message.mail()));
    assertThat(refusals)
        .containsExactly(
            id + " " + STEP + " rejected: 554 5.7.1 spam (score 15.2)",
            id + " " + STEP + " discarded: a virus",
            id + " " + STEP + " discarded: late");
    for (Judgement other :
        List.of(
            new Judgement.Refuse(Reply.of(451, "4.7.1", "later")),
            new Judgement.Quarantine("odd"),
            new Judgement.NoAnswer("away"),
            Judgement.PASS)) {
      answering(FilterAnswer.of(other)).check(message, null);
    }
    assertThat(refusals).hasSize(3);
  }

  private FilterStep broken(DefaultAction action) {
    return FilterStep.of(
        STEP,
        action,
        house,
        _ -> {
          throw new IllegalStateException("a bug");
        });
  }

  private static List<Event> told(Runnable act) {
    var told = new CopyOnWriteArrayList<Event>();
    try (var _ = Events.listen(event -> told.add(event))) {
      act.run();
    }
    return told.stream().filter(FilterEvent.class::isInstance).toList();
  }

  @ParameterizedTest
  @EnumSource(DefaultAction.class)
  void aFaultOfOursIsNoAnswer(DefaultAction action) {
    var message = new Case.Message(Letters.to("b@example.com"));
    List<Event> told =
        told(
            () -> {
              Case answer = broken(action).check(message, null);
              Verdict verdict = answer.verdict();
              switch (action) {
                case TEMPFAIL, SHUTDOWN -> assertThat(verdict).isInstanceOf(Verdict.Defer.class);
                case REJECT -> assertThat(verdict).isInstanceOf(Verdict.Reject.class);
                case QUARANTINE -> assertThat(verdict).isInstanceOf(Verdict.Hold.class);
                case ACCEPT -> assertThat(answer).isEqualTo(message);
                case MARK ->
                    assertThat(((Case.Message) answer).mail().headers().first("X-Not-Filtered"))
                        .isPresent();
              }
            });
    assertThat(told.getFirst()).isInstanceOf(FilterEvent.Broken.class);
    assertThat(told.get(1))
        .isEqualTo(
            new FilterEvent.Unanswered(
                STEP,
                message.mail().id(),
                "a fault of this server: java.lang.IllegalStateException: a bug",
                action.name().toLowerCase(Locale.ROOT)));
  }

  @Test
  void aFaultOfOursAfterTheQueueIsTriedAgain() {
    Filtered after = broken(DefaultAction.TEMPFAIL).check(Filtered.of(Letters.to("b@example.com")));
    assertThat(after.judgement()).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(
            broken(DefaultAction.ACCEPT)
                .check(Filtered.of(Letters.to("b@example.com")))
                .judgement())
        .isEqualTo(Judgement.PASS);
  }

  @Test
  void anEditThatBreaksIsNoAnswer() {
    var edits = List.<Edit>of(new Edit.RemoveField(1, "Subject"));
    var broken =
        new FilterHouse(
            "mx.example.com",
            house.store(),
            house.ids(),
            1000,
            _ -> {
              throw new IllegalStateException("a bug");
            },
            house.programs(),
            house.refused(),
            house.refusals(),
            house.clock());
    FilterStep step =
        FilterStep.of(
            STEP,
            DefaultAction.TEMPFAIL,
            broken,
            _ ->
                new FilterAnswer(
                    Judgement.PASS,
                    List.of(
                        edits.getFirst(), new Edit.AddRecipient(Address.parse("c@example.com"))),
                    ""));
    var message = new Case.Message(Letters.to("b@example.com"));
    Case answer = step.check(message, null);
    assertThat(answer.verdict()).isInstanceOf(Verdict.Defer.class);
    assertThat(((Case.Message) answer).mail()).isEqualTo(message.mail());
  }

  /// One that breaks at everything.
  private static final class Broken implements Follower {
    @Override
    public Judgement hear(Client client, DialogueEvent event) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public Set<DialogueEvent.Kind> wanted() {
      return Set.of();
    }

    @Override
    public boolean isTold() {
      return true;
    }

    @Override
    public FilterAnswer examine(Examined message) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public void close() {}
  }

  @Test
  void aFollowerThatBreaksCostsNoSessionItsMail() {
    FilterStep step = FilterStep.of(STEP, DefaultAction.TEMPFAIL, house, Broken::new);
    try (var keep = new SessionKeep()) {
      Case.Event greeted =
          (Case.Event)
              step.check(new Case.Event(Letters.CLIENT, new DialogueEvent.Greeted()), keep);
      assertThat(greeted.verdict()).isEqualTo(Verdict.UNDECIDED);
      assertThat(greeted.wanted()).isEqualTo(EnumSet.allOf(DialogueEvent.Kind.class));
      Case sender =
          step.check(
              new Case.Event(
                  Letters.CLIENT,
                  new DialogueEvent.Sender(
                      ReversePath.parse("joe@far.example"), "joe@far.example", List.of())),
              keep);
      assertThat(sender.verdict()).isInstanceOf(Verdict.Defer.class);
      assertThat(step.check(new Case.Message(Letters.to("b@example.com")), keep).verdict())
          .isInstanceOf(Verdict.Defer.class);
    }
  }

  @Test
  void whatIsHeldIsNotShownToAFilterThatWouldDeliverIt() {
    var taking =
        new MessageFilter() {
          @Override
          public FilterAnswer examine(Examined message) {
            return FilterAnswer.of(new Judgement.Taken(Reply.of(250, "2.0.0", "Ok")));
          }

          @Override
          public boolean takesOver() {
            return true;
          }
        };
    FilterStep step = FilterStep.of(STEP, DefaultAction.TEMPFAIL, house, taking);
    var message = new Case.Message(Letters.to("b@example.com"));
    assertThat(step.check(message, null).verdict()).isInstanceOf(Verdict.Taken.class);
    for (String queue : List.of(Queues.HOLD, Queues.QUARANTINE)) {
      Case held = message.decided(new Verdict.Hold("odd", queue));
      assertThat(step.check(held, null)).isEqualTo(held);
    }
  }

  /// Says what it is told to say of steps, and nothing against messages.
  private record Saying(Judgement said, List<String> heard) implements Follower {
    @Override
    public Judgement hear(Client client, DialogueEvent event) {
      heard.add(event.kind().name());
      return event.kind() == DialogueEvent.Kind.MAIL ? said : Judgement.PASS;
    }

    @Override
    public Set<DialogueEvent.Kind> wanted() {
      return EnumSet.allOf(DialogueEvent.Kind.class);
    }

    @Override
    public boolean isTold() {
      return true;
    }

    @Override
    public FilterAnswer examine(Examined message) {
      return FilterAnswer.of(Judgement.PASS);
    }

    @Override
    public void close() {}
  }

  @Test
  void whatIsSetAsideBeforeThereIsAMessageIsToldToTheOthersAndNotedWithIt() {
    for (Judgement judgement :
        List.of(new Judgement.Quarantine("odd"), new Judgement.NoAnswer("away"))) {
      var heard = new CopyOnWriteArrayList<String>();
      FilterStep first =
          FilterStep.of(
              "milter a",
              DefaultAction.QUARANTINE,
              house,
              () -> new Saying(judgement, new CopyOnWriteArrayList<>()));
      FilterStep second =
          FilterStep.of(
              "milter b", DefaultAction.TEMPFAIL, house, () -> new Saying(Judgement.PASS, heard));
      var sender =
          new DialogueEvent.Sender(
              ReversePath.parse("joe@far.example"), "joe@far.example", List.of());
      String why =
          judgement instanceof Judgement.Quarantine ? "odd" : "not seen by the filter: away";
      var held = new Verdict.Hold(why, Queues.QUARANTINE);
      try (var keep = new SessionKeep()) {
        Case event = new Case.Event(Letters.CLIENT, sender);
        event = second.check(first.check(event, keep), keep);
        assertThat(event.verdict()).isEqualTo(held);
        assertThat(heard).containsExactly("MAIL");
        for (boolean next : new boolean[] {false, true}) {
          Case message = new Case.Message(Letters.to("b@example.com")).decided(held);
          Case.Message after =
              (Case.Message) second.check(next ? message : first.check(message, keep), keep);
          assertThat(after.verdict()).isEqualTo(held);
          assertThat(after.mail().envelope().passage().custody())
              .isEqualTo(
                  next
                      ? Optional.empty()
                      : Optional.of(
                          new Custody("milter a", why, OptionalDouble.empty(), Letters.ARRIVED)));
        }
      }
    }
  }

  @Test
  void theScoreIsKeptWithWhatIsSetAside() {
    FilterStep step =
        FilterStep.of(
            STEP,
            DefaultAction.TEMPFAIL,
            house,
            _ ->
                new FilterAnswer(
                    new Judgement.Quarantine("spam"), List.of(), "", OptionalDouble.of(15.2)));
    Mail mail = Letters.to("b@example.com");
    var kept = new Custody(STEP, "spam", OptionalDouble.of(15.2), Letters.ARRIVED);
    assertThat(
            ((Case.Message) step.check(new Case.Message(mail), null))
                .mail()
                .envelope()
                .passage()
                .custody())
        .contains(kept);
    assertThat(custody(step.check(Filtered.of(mail)))).contains(kept);
    FilterStep refusing =
        FilterStep.of(
            STEP,
            DefaultAction.TEMPFAIL,
            house,
            _ ->
                new FilterAnswer(
                    new Judgement.Refuse(Reply.of(550, "5.7.1", "spam")),
                    List.of(),
                    "",
                    OptionalDouble.of(20)));
    assertThat(custody(refusing.check(Filtered.of(mail))).orElseThrow().score())
        .isEqualTo(OptionalDouble.of(20));
  }

  private static Optional<Custody> custody(Filtered filtered) {
    var settings = new AfterQueueSettings(QUARANTINE, Duration.ofDays(1), "hold");
    var none =
        new Deferral() {
          @Override
          public Handover defer(Mail mail, Reason reason) {
            throw new AssertionError("deferred");
          }

          @Override
          public boolean isOver(Mail mail) {
            return false;
          }
        };
    Handover handover =
        new AfterQueue(settings, none, InstantSource.fixed(Letters.ARRIVED)).settle(filtered);
    Mail kept = (Mail) handover.tasks(Queues.QUARANTINE).getFirst().body();
    return kept.envelope().passage().custody();
  }
}
