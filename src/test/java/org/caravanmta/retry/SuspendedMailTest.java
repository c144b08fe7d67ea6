package org.caravanmta.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

class SuspendedMailTest extends SettledMail {
  private static final String WHY = "delivery to domain b.example suspended by ann: moving";
  private static final Reason TOLD = Reason.of("4.3.2", WHY);
  private static final Reason SHOWN =
      Reason.of("4.3.2", "delivery is suspended for the time being");

  private final Mail letter = letter();

  private static Mail letter() {
    Mail mail = Letters.to("a@a.example", "b@b.example");
    return mail.with(mail.envelope().with(Destination.of("smtp", "hub.example")));
  }

  @Test
  void whoIsCoveredWaitsUntriedAndTheOthersGoOn() {
    Handover next = suspended(letter, 1);
    Mail waiting = waiting(next, 0);
    assertThat(waiting.recipients()).containsExactly(letter.recipients().get(1).because(TOLD));
    assertThat(next.tasks("deferred.*")).extracting(Task::queue).containsExactly("deferred.1m");
    assertThat(waiting.envelope().progress().due())
        .isEqualTo(now.get().plus(Duration.ofMinutes(1)));
    Mail rest = (Mail) only(next.tasks("delivery.smtp"), "delivery.smtp");
    assertThat(rest.recipients()).containsExactly(letter.recipients().getFirst());
    assertThat(rest.envelope().progress()).isEqualTo(letter.envelope().progress());
    assertThat(next.tasks("report")).isEmpty();
  }

  @Test
  void theLongerItHasWaitedTheLongerItWaits() {
    now.set(Letters.ARRIVED.plus(Duration.ofMinutes(7)));
    assertThat(suspended(letter, 0, 1).all())
        .extracting(Task::queue)
        .containsExactly("deferred.5m");
    now.set(Letters.ARRIVED.plus(Duration.ofDays(1)));
    assertThat(suspended(letter, 0, 1).all())
        .extracting(Task::queue)
        .containsExactly("deferred.1h");
  }

  @Test
  void mailPastItsLifetimeIsReturnedAndTheSenderIsNotToldWhoSuspends() {
    now.set(Letters.ARRIVED.plus(Duration.ofDays(5)));
    Handover next = suspended(letter, 1);
    assertThat(next.tasks("deferred.*")).isEmpty();
    Notice notice = (Notice) only(next.tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.FAILED);
    assertThat(notice.mail().recipients())
        .containsExactly(letter.recipients().get(1).because(SHOWN));
    assertThat(next.tasks("delivery.smtp")).hasSize(1);
  }

  @Test
  void aLateMessageIsReportedOnceWithoutTheOperatorsWords() {
    var late =
        new Retry(
            new RetrySchedule(
                List.of(Duration.ofMinutes(1)),
                Duration.ofDays(5),
                Duration.ofDays(5),
                Duration.ofHours(4)),
            links,
            clock);
    now.set(Letters.ARRIVED.plus(Duration.ofHours(5)));
    Handover first = late.suspended(letter, covered(letter, 0, 1), List.of());
    Notice notice = (Notice) only(first.tasks("report"), "report");
    assertThat(notice.action()).isEqualTo(Notice.Action.DELAYED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.last().orElseThrow())
        .containsOnly(SHOWN);
    Mail waiting = waiting(first, 0);
    assertThat(waiting.recipients()).extracting(r -> r.last().orElseThrow()).containsOnly(TOLD);
    assertThat(late.suspended(waiting, covered(waiting, 0, 1), List.of()).tasks("report"))
        .isEmpty();
  }

  @Test
  void whoWatchesHearsOfTheFirstAttemptWhichThisIsNot() {
    Mail watched = letter.with(letter.envelope().with(Purpose.WATCHED));
    assertThat(suspended(watched, 0, 1).tasks("report")).isEmpty();
  }

  @Test
  void anAttemptAfterwardsCountsAsTheFirst() {
    Mail waited = waiting(suspended(letter, 0, 1), 0);
    assertThat(waiting(settle(waited, DEFERRED, DEFERRED), 1).recipients())
        .extracting(r -> r.last().orElseThrow())
        .containsOnly(BUSY);
  }

  @Test
  void everybodyWaitsWhenTheContentCannotBeShared() {
    links =
        (_, _) -> {
          throw new IOException("disk full");
        };
    Mail stored = letter.with(new Content.Stored("ref", 100_000, 7));
    Handover next = suspended(stored, 1);
    assertThat(waiting(next, 0).recipients())
        .extracting(Recipient::address)
        .containsExactlyElementsOf(letter.recipients().stream().map(Recipient::address).toList());
    assertThat(next.all()).hasSize(1);
  }

  @Test
  void whatIsReturnedByTheOperatorDoesNotSayWhoSuspended() {
    Mail waited = waiting(suspended(letter, 0, 1), 0);
    Notice notice = (Notice) only(new ForceExpiry(false).expire(waited).tasks("report"), "report");
    assertThat(notice.mail().recipients())
        .extracting(r -> r.last().orElseThrow())
        .containsOnly(SHOWN);
  }

  private Handover suspended(Mail mail, Integer... covered) {
    Map<Recipient, String> waiting = covered(mail, covered);
    return retry()
        .suspended(
            mail,
            waiting,
            mail.recipients().stream().filter(each -> !waiting.containsKey(each)).toList());
  }

  private static Map<Recipient, String> covered(Mail mail, Integer... which) {
    var covered = new LinkedHashMap<Recipient, String>();
    for (int each : which) {
      covered.put(mail.recipients().get(each), WHY);
    }
    return covered;
  }
}
