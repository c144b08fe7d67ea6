package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravanmta.address.ReversePath;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.message.Content;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Reason BUSY = Reason.of("4.2.1", "busy");
  private static final Reason GONE = Reason.of("5.1.1", "gone");
  private static final Attempt DEFERRED = new Attempt.Deferred(BUSY);
  private static final Attempt FAILED = new Attempt.Failed(GONE);
  private static final Attempt DELIVERED =
      new Attempt.Delivered("250 2.1.5 Ok", "mx[192.0.2.1]:25");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Letters.ARRIVED.plusSeconds(10));
  private final InstantSource clock = now::get;
  private final RetrySchedule schedule =
      new RetrySchedule(
          List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(1)),
          Duration.ofDays(5));
  private final List<String> linked = new ArrayList<>();
  private Links links =
      (from, ref) -> {
        linked.add(ref);
        return new Content.Stored(ref, from.length(), from.crc());
      };

  @Test
  void eachRecipientGoesItsOwnWay() {
    Mail mail = Letters.to("a@ex.example", "b@ex.example", "c@ex.example", "d@ex.example");
    Handover next = settle(mail, DELIVERED, DEFERRED, FAILED, DEFERRED);
    Mail waiting = (Mail) only(next.tasks("deferred.*"), "deferred.1m");
    assertThat(waiting.recipients())
        .extracting(r -> r.address() + " " + r.last().orElseThrow().text())
        .containsExactly("b@ex.example busy", "d@ex.example busy");
    assertThat(waiting.envelope().progress())
        .isEqualTo(new Progress(1, 0, now.get().plusSeconds(60), now.get()));
    Notice notice = (Notice) only(next.tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.FAILED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.address() + " " + r.last().orElseThrow().text())
        .containsExactly("c@ex.example gone");
  }

  @Test
  void whatHasBecomeOfEachIsTold() {
    Mail mail = Letters.to("a@ex.example", "b@ex.example");
    var told = new ArrayList<Event>();
    Thread here = Thread.currentThread();
    try (var _ =
        Events.listen(
            event -> told.addAll(Thread.currentThread() == here ? List.of(event) : List.of()))) {
      settle(mail, DELIVERED, DEFERRED);
    }
    assertThat(told).hasSize(3);
    assertThat(told.subList(0, 2))
        .extracting(event -> ((DeliveryEvent.Attempted) event).recipient())
        .isEqualTo(mail.recipients());
    assertThat(told.subList(0, 2))
        .extracting(event -> ((DeliveryEvent.Attempted) event).attempt())
        .containsExactly(DELIVERED, DEFERRED);
    assertThat(told.getLast()).isEqualTo(new DeliveryEvent.Settled(mail, 1));
  }

  /// What is done of a recipient is not done again, what has failed of it only with soft bounces.
  @Test
  void aRecipientThatStandsForSeveralWaitsForTheRest() {
    Mail mail = Letters.to("list@ex.example", "b@ex.example");
    Recipient list = mail.recipients().getFirst();
    RecipientResult b = RecipientResult.of(mail.recipients().getLast(), DELIVERED);
    RecipientResult rest =
        RecipientResult.of(list.having(Set.of("file /a", "command b", "command c")), DEFERRED);
    RecipientResult failed = RecipientResult.of(list.having(Set.of("file /a")), FAILED);
    Handover next = retry().settle(of(mail, rest, b, failed, failed));
    Mail waiting = (Mail) only(next.tasks("deferred.*"), "deferred.1m");
    assertThat(waiting.recipients()).containsExactly(rest.recipient().because(BUSY));
    Notice notice = (Notice) only(next.tasks("report"), "report");
    assertThat(notice.mail().recipients()).containsExactly(list.because(GONE), list.because(GONE));

    var soft = new Retry(schedule, true, false, links, clock);
    Mail all =
        (Mail) only(soft.settle(of(mail, rest, b, failed)).tasks("deferred.*"), "deferred.1m");
    assertThat(all.recipients())
        .singleElement()
        .extracting(Recipient::done)
        .isEqualTo(Set.of("file /a"));
  }

  /// Postfix: notify_classes = 2bounce.
  @Test
  void thePostmasterCanBeToldOfNobodysMail() {
    Mail mail = Letters.to("a@ex.example");
    Mail nobodys = mail.with(mail.envelope().with(ReversePath.NULL));
    var telling = new Retry(schedule, false, true, links, clock);
    assertThat(telling.settle(outcome(nobodys, FAILED)).tasks("report")).hasSize(1);
    assertThat(telling.settle(outcome(nobodys, DEFERRED)).tasks("report")).isEmpty();
  }

  @Test
  void whoIsDeliveredIsDone() {
    Handover next = settle(Letters.to("a@ex.example"), DELIVERED);
    assertThat(next.tasks("deferred.*")).isEmpty();
    assertThat(next.tasks("report")).isEmpty();
  }

  @Test
  void theWaitGrowsFromLaneToLaneAndTheLastOneRepeats() {
    var lanes = new ArrayList<String>();
    Mail mail = Letters.to("a@ex.example");
    for (int i = 0; i < 5; i++) {
      Task task = settle(mail, DEFERRED).tasks("deferred.*").getFirst();
      lanes.add(task.queue());
      mail = (Mail) task.body();
    }
    assertThat(lanes)
        .containsExactly("deferred.1m", "deferred.5m", "deferred.1h", "deferred.1h", "deferred.1h");
  }

  @Test
  void aTaskThatWasTurnedAwayHasNotBeenTried() {
    Mail mail = Letters.to("a@ex.example");
    mail = mail.with(mail.envelope().with(new Progress(2, 0, now.get(), now.get())));
    Handover next = retry().settle(outcome(mail, DEFERRED).untried());
    Mail waiting = (Mail) only(next.tasks("deferred.*"), "deferred.10s");
    assertThat(waiting.envelope().progress().attempt()).isEqualTo(2);
    assertThat(schedule.queues()).containsKey("deferred.10s");
    for (var times : Map.of(15, "10s", 150, "1m", 900, "5m", 36_000, "5m").entrySet()) {
      Instant later = Letters.ARRIVED.plusSeconds(times.getKey());
      assertThat(RetrySchedule.queue(schedule.again(Letters.ARRIVED, later)))
          .isEqualTo("deferred." + times.getValue());
    }
  }

  @Test
  void whoHasWaitedForTheWholeLifetimeHasFailedWithTheLastReason() {
    now.set(Letters.ARRIVED.plus(Duration.ofDays(5)));
    Handover next = settle(Letters.to("a@ex.example"), DEFERRED);
    assertThat(next.tasks("deferred.*")).isEmpty();
    Notice notice = (Notice) only(next.tasks("report"), "report");
    assertThat(notice.mail().recipients().getFirst().last()).contains(BUSY);
  }

  @Test
  void nobodyIsToldWhoDoesNotWantToHearOrHasNoReversePath() {
    Mail mail = Letters.to("a@ex.example");
    Recipient quiet =
        new Recipient(
            mail.recipients().getFirst().address(),
            mail.recipients().getFirst().original(),
            Optional.of(Notify.NEVER),
            Optional.empty(),
            Optional.empty());
    assertThat(settle(mail.with(List.of(quiet)), FAILED).tasks("report")).isEmpty();
    assertThat(settle(mail.with(mail.envelope().with(ReversePath.NULL)), FAILED).tasks("report"))
        .isEmpty();
  }

  @Test
  void withSoftBouncesWhoHasFailedWaitsUntilTheMessageIsTooOld() {
    Mail mail = Letters.to("a@ex.example");
    var retry = new Retry(schedule, true, false, links, clock);

    Handover next = retry.settle(outcome(mail, FAILED));
    assertThat(next.tasks("report")).isEmpty();
    Mail waiting = waiting(next, 1);
    assertThat(waiting.recipients().getFirst().last().orElseThrow().status().digit()).isEqualTo(4);

    now.set(Letters.ARRIVED.plus(schedule.lifetime()));
    Notice notice = (Notice) only(retry.settle(outcome(waiting, FAILED)).tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.FAILED);
    assertThat(notice.mail().recipients().getFirst().last().orElseThrow().status().digit())
        .isEqualTo(5);
  }

  @Test
  void whoStillWaitsWhenTheMessageHasBecomeLateIsToldOnce() {
    Mail mail = Letters.to("a@ex.example", "b@ex.example", "c@ex.example", "d@ex.example");
    List<Recipient> all = mail.recipients();
    mail =
        mail.with(
            List.of(
                all.get(0),
                wanting(all.get(1), Notify.NEVER),
                wanting(all.get(2), new Notify(Set.of(Notify.Event.DELAY))),
                wanting(all.get(3), new Notify(Set.of(Notify.Event.FAILURE)))));
    var warning =
        new RetrySchedule(
            schedule.lanes(), schedule.lifetime(), schedule.lifetime(), Duration.ofHours(4));
    var retry = new Retry(warning, links, clock);

    Mail waiting = waiting(retry.settle(outcome(mail, DEFERRED, DEFERRED, DEFERRED, DEFERRED)), 1);
    now.set(Letters.ARRIVED.plus(Duration.ofHours(4)));
    Handover late = retry.settle(outcome(waiting, DEFERRED, DEFERRED, DEFERRED, DEFERRED));

    Notice notice = (Notice) only(late.tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.DELAYED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.address() + " " + r.last().orElseThrow().text())
        .containsExactly("a@ex.example busy", "c@ex.example busy");
    waiting = waiting(late, 2);
    assertThat(waiting.recipients()).hasSize(4);
    now.set(Letters.ARRIVED.plus(Duration.ofHours(9)));
    Handover again = retry.settle(outcome(waiting, DELIVERED, DEFERRED, DEFERRED, DEFERRED));
    assertThat(again.tasks("report")).isEmpty();
  }

  @Test
  void noOneIsToldOfADelayWhoseMessageHasNoReversePathOrWhoIsNotLate() {
    Mail mail = Letters.to("a@ex.example");
    var warning =
        new RetrySchedule(
            schedule.lanes(), schedule.lifetime(), schedule.lifetime(), Duration.ofHours(4));
    var retry = new Retry(warning, links, clock);
    now.set(Letters.ARRIVED.plus(Duration.ofHours(5)));
    Mail report = mail.with(mail.envelope().with(ReversePath.NULL));
    assertThat(retry.settle(outcome(report, DEFERRED)).tasks("report")).isEmpty();
    assertThat(settle(mail, DEFERRED).tasks("report")).isEmpty();
    assertThat(retry.settle(outcome(mail, DELIVERED)).tasks("report")).isEmpty();
  }

  @Test
  void aWarningThatCannotBeSplitOffIsTriedAgain() {
    links =
        (from, ref) -> {
          throw new IOException("disk full");
        };
    Mail mail = Letters.to("a@ex.example").with((Content) new Content.Stored("R", 9, 0));
    var warning =
        new RetrySchedule(
            schedule.lanes(), schedule.lifetime(), schedule.lifetime(), Duration.ofHours(4));
    now.set(Letters.ARRIVED.plus(Duration.ofHours(5)));
    Handover next = new Retry(warning, links, clock).settle(outcome(mail, DEFERRED));
    assertThat(next.tasks("report")).isEmpty();
    assertThat(waiting(next, 1).envelope().progress().warned()).isFalse();
  }

  @Test
  void successIsReportedToWhoAskedForItUnlessTheNextServerWill() {
    Mail mail = Letters.to("a@ex.example");
    Recipient curious =
        new Recipient(
            mail.recipients().getFirst().address(),
            mail.recipients().getFirst().original(),
            Optional.of(new Notify(Set.of(Notify.Event.SUCCESS))),
            Optional.empty(),
            Optional.empty());
    Mail asked = mail.with(List.of(curious));
    var relayed =
        new RecipientResult(
            curious, DELIVERED, "mx[192.0.2.1]:25", 1, Optional.of(Notice.Action.RELAYED));
    var passedOn = new RecipientResult(curious, DELIVERED, "mx[192.0.2.1]:25", 1, Optional.empty());
    Notice notice = (Notice) only(retry().settle(of(asked, relayed)).tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.RELAYED);
    assertThat(notice.mail().recipients().getFirst().last().orElseThrow().remote()).contains("mx");
    assertThat(retry().settle(of(asked, passedOn)).tasks("report")).isEmpty();
  }

  @Test
  void whoWatchesIsToldWhatTheFirstAttemptCameToAndNoMore() {
    Mail mail = watched(Letters.to("a@ex.example", "b@ex.example", "c@ex.example", "d@ex.example"));
    List<Recipient> to = mail.recipients();
    Handover next =
        retry()
            .settle(
                of(
                    mail,
                    new RecipientResult(
                        to.get(0), DELIVERED, "mx[192.0.2.1]:25", 1, Optional.empty()),
                    RecipientResult.of(to.get(1), DEFERRED),
                    RecipientResult.of(to.get(2), FAILED),
                    new RecipientResult(
                        to.get(3), DELIVERED, "local", 0, Optional.of(Notice.Action.DELIVERED))));

    assertThat(next.tasks("report"))
        .extracting(task -> (Notice) task.body())
        .extracting(
            notice ->
                notice.action() + " " + notice.mail().recipients().getFirst().address().localPart())
        .containsExactly("FAILED c", "DELAYED b", "DELIVERED d", "RELAYED a");
    Mail waiting = (Mail) next.tasks("deferred.*").getFirst().body();
    assertThat(settle(waiting, DEFERRED).tasks("report")).isEmpty();
    assertThat(settle(waiting, DELIVERED).tasks("report")).isEmpty();
  }

  @Test
  void eachPartHoldsStoredContentOfItsOwn() {
    Mail mail =
        Letters.to("a@ex.example", "b@ex.example").with((Content) new Content.Stored("R.1", 9, 0));
    Handover next = settle(mail, DEFERRED, FAILED);
    assertThat(linked).containsExactly("R.1.1", "R.1.2");
    assertThat(((Mail) next.tasks("deferred.1m").getFirst().body()).content())
        .isEqualTo(new Content.Stored("R.1.2", 9, 0));
    linked.clear();
    next = settle(mail, DELIVERED, DEFERRED);
    assertThat(linked).isEmpty();
    assertThat(((Mail) next.tasks("deferred.1m").getFirst().body()).content())
        .isEqualTo(mail.content());
  }

  @Test
  void contentThatCannotBeSplitIsTriedAgainWhole() {
    links =
        (from, ref) -> {
          throw new IOException("disk full");
        };
    Mail mail =
        Letters.to("a@ex.example", "b@ex.example", "c@ex.example")
            .with((Content) new Content.Stored("R", 9, 0));
    Handover next = settle(mail, DEFERRED, FAILED, DELIVERED);
    assertThat(((Mail) only(next.tasks("deferred.*"), "deferred.1m")).recipients()).hasSize(2);
    assertThat(next.tasks("report")).isEmpty();
  }

  @Test
  void mailThatIsDueIsRoutedAndANoticeReported() {
    Mail mail = Letters.to("a@ex.example");
    var notice = new Notice(Notice.Action.FAILED, mail);
    assertThat(retry().due(mail).tasks("routing")).containsExactly(new Task("routing", mail));
    assertThat(retry().due(notice).tasks("report")).containsExactly(new Task("report", notice));
  }

  @Test
  void aBugDefersAndAtTheFaultLimitSetsAside() {
    var failure = new Failure(schedule, 3, clock);
    Object body = new Notice(Notice.Action.FAILED, Letters.to("a@ex.example"));
    var bug = new IllegalStateException("a bug");
    var queues = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      Handover next = failure.broken(body, bug);
      Task task =
          next.tasks("dead").isEmpty()
              ? next.tasks("deferred.*").getFirst()
              : next.tasks("dead").getFirst();
      queues.add(task.queue());
      body = task.body();
    }
    assertThat(queues).containsExactly("deferred.1m", "deferred.5m", "dead");
    assertThat(((Notice) body).mail().envelope().progress().faults()).isEqualTo(3);
    assertThat(failure.broken("what is this", bug).tasks("dead")).hasSize(1);
  }

  @Property
  void schedulesGrowAndEnd(@ForAll @IntRange(min = 1, max = 10_000) int attempts) {
    assertThat(schedule.wait(attempts)).isLessThanOrEqualTo(schedule.wait(attempts + 1));
    assertThat(schedule.queues()).containsKey(RetrySchedule.queue(schedule.wait(attempts)));
  }

  @Test
  void reportsHaveALifetimeOfTheirOwn() {
    var brief =
        new RetrySchedule(schedule.lanes(), Duration.ofDays(5), Duration.ofHours(1), Duration.ZERO);
    Mail report =
        Letters.to("a@ex.example")
            .with(Letters.to("a@ex.example").envelope().with(new ReversePath.Null()));
    Instant later = Letters.ARRIVED.plus(Duration.ofMinutes(90));
    assertThat(brief.expired(report.envelope(), later)).isTrue();
    assertThat(brief.expired(Letters.to("a@ex.example").envelope(), later)).isFalse();
  }

  @Test
  void lanesAreNamedByTheirWaitingTime() {
    assertThat(
            List.of("PT0.1S", "PT90S", "PT1M", "PT2H", "P1D").stream()
                .map(Duration::parse)
                .map(RetrySchedule::queue))
        .containsExactly(
            "deferred.100ms", "deferred.90s", "deferred.1m", "deferred.2h", "deferred.1d");
    assertThatThrownBy(
            () ->
                new RetrySchedule(
                    List.of(Duration.ofMinutes(5), Duration.ofMinutes(1)), Duration.ofDays(5)))
        .hasMessage("lanes must grow: each waits longer than the one before");
  }

  private Handover settle(Mail mail, Attempt... attempts) {
    return retry().settle(outcome(mail, attempts));
  }

  private Retry retry() {
    return new Retry(schedule, links, clock);
  }

  private TaskOutcome outcome(Mail mail, Attempt... attempts) {
    var results = new ArrayList<RecipientResult>();
    Arrays.stream(attempts)
        .forEach(a -> results.add(RecipientResult.of(mail.recipients().get(results.size()), a)));
    return of(mail, results.toArray(RecipientResult[]::new));
  }

  private TaskOutcome of(Mail mail, RecipientResult... results) {
    return new TaskOutcome(
        mail, List.of(results), Delays.of(mail.envelope(), now.get(), now.get(), now.get()), true);
  }

  private static Mail waiting(Handover next, int attempt) {
    Mail waiting = (Mail) next.tasks("deferred.*").getFirst().body();
    assertThat(waiting.envelope().progress().attempt()).isEqualTo(attempt);
    return waiting;
  }

  private static Mail watched(Mail mail) {
    return mail.with(mail.envelope().with(Purpose.WATCHED));
  }

  private static Recipient wanting(Recipient recipient, Notify notify) {
    return new Recipient(
        recipient.address(),
        recipient.original(),
        Optional.of(notify),
        Optional.empty(),
        Optional.empty());
  }

  private static Object only(List<Task> tasks, String queue) {
    assertThat(tasks).extracting(Task::queue).containsExactly(queue);
    return tasks.getFirst().body();
  }
}
