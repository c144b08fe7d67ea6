package org.caravanmta.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;

/// What becomes of a question whether mail could be delivered (postfix `sendmail -bv`).
class VerificationTest extends PostedMail {
  @Test
  void aVerificationDeliversNothingAndTellsOfAll() throws Exception {
    post(verification("joe", "ann", "nobody"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    Notice notice = (Notice) only("report");
    assertThat(notice.action()).isEqualTo(Notice.Action.VERIFIED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.last().orElseThrow().status() + " " + r.last().orElseThrow().text())
        .containsExactly("2.1.5 would go to ann@a.example", "5.1.1 User unknown");
    assertThat(waiting()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void aVerificationOfWhatIsRejectedSaysSo() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(verification("joe", "ann"), LETTER);
    collect();
    Notice notice = (Notice) only("report");
    assertThat(notice.mail().recipients().getFirst().last().orElseThrow().text())
        .isEqualTo("no such talk");
  }

  @Test
  void aVerificationThatCannotBeMadeNowStays() throws Exception {
    verdict = new Verdict.Defer(Reply.of(451, "4.3.0", "later"));
    post(verification("joe", "ann"), LETTER);
    assertThat(collect()).isZero();
    assertThat(queued).isEmpty();
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void aVerificationForNobodyIsDropped() throws Exception {
    post(verification("", "ann"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  private static Posting verification(String sender, String... recipients) {
    return new Posting(
        sender,
        "",
        List.of(recipients),
        Optional.empty(),
        MailOptions.NONE,
        Posting.Purpose.VERIFICATION,
        Optional.empty());
  }
}
