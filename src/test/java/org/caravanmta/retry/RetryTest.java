package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravanmta.address.ReversePath;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.message.Content;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.PutBack;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// Which recipients wait, in which lane, and which have failed.
class RetryTest extends SettledMail {
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
    assertThat(next).isEqualTo(new PutBack());
    assertThat(next.tasks("deferred.*")).isEmpty();
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
    var failure = new Failure(schedule, new QueueSettings(schedule.times(), 3, List.of()), clock);
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
}
