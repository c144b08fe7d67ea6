package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.ReversePath;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.message.Content;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// Whom what has become of a recipient is told to, and when (RFC 3461 §5).
class WhoIsToldTest extends SettledMail {
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

    // Postfix: confirm_delay_cleared
    var clearing = new Retry(warning, false, false, true, links, clock);
    Handover end = clearing.settle(outcome(waiting, DELIVERED, DELIVERED, DELIVERED, DELIVERED));
    var cleared = (Notice) only(end.tasks("report"), "report");
    assertThat(cleared.action()).isEqualTo(Notice.Action.DELIVERED);
    assertThat(cleared.mail().recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("a@ex.example", "c@ex.example");
    assertThat(clearing.settle(outcome(mail, DELIVERED)).tasks("report")).isEmpty();
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
}
