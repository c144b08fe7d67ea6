package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.LogLines;
import org.caravanmta.quarantine.QuarantineSettings.Told;
import org.caravanmta.queue.admin.QueueAdmin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is to hear of what is new in the quarantine hears of it once.
class DigestsTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;

  private static String text(Mail letter) {
    return new String(
        Base64.getMimeDecoder().decode(((Content.Inline) letter.content()).bytes()),
        StandardCharsets.UTF_8);
  }

  private static List<Mail> letters(Ward ward) throws Exception {
    return ward.depot.waiting("routing").stream().map(Mail.class::cast).toList();
  }

  private static List<String> told(Ward ward) throws Exception {
    return letters(ward).stream()
        .map(letter -> letter.recipients().getFirst().address().toString())
        .toList();
  }

  @Test
  void eachRecipientOfOursHearsOfHisOwnMail() throws Exception {
    try (var ward = Ward.embedded(directory, Told.RECIPIENTS);
        var lines = new LogLines("org.caravanmta.quarantine")) {
      ward.sweep.tick();
      Instant now = ward.clock.instant();
      ward.put(
          Ward.detained(
              "one", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", now, "kim@own.example", "lee@own.example"),
          Ward.detained("two", "offer", now, "kim@own.example"),
          Ward.detained("out", "spam of a user of ours", now, "somebody@elsewhere.example"));
      ward.clock.turn(Duration.ofHours(18));
      ward.sweep.tick();
      assertThat(letters(ward)).as("at six").isEmpty();

      ward.clock.turn(Duration.ofHours(1));
      ward.sweep.tick();
      assertThat(told(ward)).containsExactlyInAnyOrder("kim@own.example", "lee@own.example");
      assertThat(lines.lines()).contains("INFO quarantine: 2 digests were sent of 3 new messages");
      Mail letter = letters(ward).getFirst();
      assertThat(letter.reversePath()).isEqualTo(ReversePath.NULL);
      assertThat(letter.headers().first("Auto-Submitted").orElseThrow().value())
          .isEqualTo("auto-generated");
      assertThat(letter.headers().first("Subject").orElseThrow().value())
          .isEqualTo("Quarantine: 2 new messages for you");
      assertThat(text(letter))
          .contains(
              "From:    alice@example.org\r\nSubject: Grüße\r\nWhen:    2026-03-01 12:00 +00:00\r\n"
                  + "Why:     5.7.1 looks odd (score 15.2)\r\n"
                  + "Filter:  rspamd http://127.0.0.1:11333\r\nId:      one\r\n")
          .contains("Id:      two\r\n")
          .doesNotContain("lee@own.example");

      ward.put(Ward.detained("three", "x", ward.clock.instant(), "lee@own.example"));
      ward.clock.turn(DAY.minusSeconds(1));
      ward.sweep.tick();
      assertThat(letters(ward)).hasSize(2);
      ward.clock.turn(Duration.ofSeconds(1));
      ward.sweep.tick();
      assertThat(told(ward)).hasSize(3).last().isEqualTo("lee@own.example");
      assertThat(text(letters(ward).getLast())).contains("three").doesNotContain("one\r\n");
      ward.clock.turn(DAY);
      ward.sweep.tick();
      assertThat(letters(ward)).as("nothing is new").hasSize(3);
    }
  }

  @Test
  void nobodyHearsOfWhatIsGone() throws Exception {
    try (var ward = Ward.embedded(directory, Told.RECIPIENTS)) {
      ward.sweep.tick();
      ward.put(Ward.detained("one", "offer", ward.clock.instant(), "kim@own.example"));
      ward.sweep.tick();
      // not by a verb that tells the index
      ward.admin.delete(QueueAdmin.Target.parse("one"), "");
      ward.clock.turn(DAY);
      ward.sweep.tick();
      assertThat(letters(ward)).isEmpty();
      assertThat(ward.index.count()).isZero();
    }
  }

  /// What a filter has rejected is told of after what it has set aside, once, and to nobody else.
  @Test
  void eachRecipientOfOursHearsOfWhatWasRejected() throws Exception {
    try (var ward = Ward.embedded(directory, Told.RECIPIENTS);
        var notes = new RefusalNotes(ward.memory().rejected(), Ward::ours, ward.clock);
        var lines = new LogLines("org.caravanmta.quarantine")) {
      notes.begin();
      ward.sweep.tick();
      Instant now = ward.clock.instant();
      notes.note(
          Ward.detained(
              "bad", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", now, "kim@own.example", "x@far.example"),
          "rspamd http://127.0.0.1:11333",
          "rejected: 554 5.7.1 spam (score 20.0)");
      notes.note(
          Ward.detained("4jdML906jbz1bH2F", "You have won", now, "lee@own.example"),
          "rspamd http://127.0.0.1:11333",
          "rejected: 554 5.7.1 Spam message rejected (score 20.0)");
      notes.finish();
      ward.put(Ward.detained("odd", "offer", now, "kim@own.example"));
      ward.clock.turn(DAY);
      ward.sweep.tick();
      assertThat(told(ward)).containsExactlyInAnyOrder("kim@own.example", "lee@own.example");
      assertThat(lines.lines())
          .contains("INFO quarantine: 2 digests were sent of 1 new and 2 rejected messages");
      Mail letter = letters(ward).getFirst();
      assertThat(letter.headers().first("Subject").orElseThrow().value())
          .isEqualTo("Quarantine: 1 new message, 1 rejected for you");
      assertThat(text(letter))
          .containsSubsequence(
              "have set this mail aside",
              "Id:      odd\r\n",
              "have not let this mail in",
              "From:    alice@example.org\r\nSubject: Grüße\r\n",
              "Why:     rejected: 554 5.7.1 spam (score 20.0)\r\n"
                  + "Filter:  rspamd http://127.0.0.1:11333\r\nId:      bad\r\n");
      assertThat(letters(ward).getLast().headers().first("Subject").orElseThrow().value())
          .isEqualTo("Quarantine: 1 rejected for you");
      assertThat(Files.readString(Path.of("src/site/markdown/quarantine.md")))
          .contains(
              "```\n"
                  + text(letters(ward).getLast())
                      .replace("\r\n", "\n")
                      .replace("mx.own.example", "mx.example.org")
                  + "```\n");
      ward.clock.turn(DAY);
      ward.sweep.tick();
      assertThat(letters(ward)).as("nothing is new").hasSize(2);
    }
  }

  @Test
  void aFloodOfWhatIsRejectedFillsNothing() throws Exception {
    try (var ward = Ward.embedded(directory, Told.RECIPIENTS);
        var notes = new RefusalNotes(ward.memory().rejected(), Ward::ours, ward.clock)) {
      notes.begin();
      Mail mail = Ward.detained("bad", "x", ward.clock.instant(), "kim@own.example");
      for (int i = 0; i < 3 * RefusalNotes.MOST; i++) {
        notes.note(mail, "clamd /c", "rejected: 554");
      }
      notes.finish();
      assertThat(ward.memory().rejected().all(10_000)).hasSize(RefusalNotes.MOST);
    }
  }

  @Test
  void noSessionWaitsForADatabaseThatIsAway() throws Exception {
    try (var ward = Ward.embedded(directory, Told.RECIPIENTS);
        var notes = new RefusalNotes(ward.memory().rejected(), Ward::ours, ward.clock);
        var lines = new LogLines("org.caravanmta.quarantine")) {
      ward.away = true;
      notes.begin();
      Mail mail = Ward.detained("bad", "x", ward.clock.instant(), "kim@own.example");
      for (int i = 0; i < 5000; i++) {
        notes.note(mail, "clamd /c", "rejected: 554");
      }
      notes.finish();
      assertThat(lines.lines())
          .containsExactly(
              "WARN digests will not tell of all that was rejected: the database is away");
    }
  }

  @Test
  void thePostmasterHearsOfAllOfIt() throws Exception {
    try (var ward = Ward.embedded(directory, Told.POSTMASTER)) {
      ward.sweep.tick();
      for (int i = 0; i < Digest.MOST + 3; i++) {
        ward.depot.keep(
            "quarantine",
            Ward.detained("id" + i, "x", ward.clock.instant(), "somebody@elsewhere.example"));
      }
      ward.depot.awaitDepth("quarantined", Digest.MOST + 3);
      ward.clock.turn(DAY);
      ward.sweep.tick();
      assertThat(told(ward)).containsExactly("postmaster@own.example");
      assertThat(text(letters(ward).getFirst()))
          .contains("To:      somebody@elsewhere.example", "… and 3 more.");
    }
  }

  @Test
  void ofServersAtOneDatabaseOneSendsThem() throws Exception {
    try (var ward = Ward.embedded(directory, Told.POSTMASTER)) {
      ward.sweep.tick();
      ward.put(Ward.detained("one", "x", ward.clock.instant(), "kim@own.example"));
      ward.clock.turn(DAY);
      var settings = Ward.settings(Told.POSTMASTER);
      var together = new CyclicBarrier(4);
      try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
        var ticks = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
          ticks.add(
              servers.submit(
                  () -> {
                    together.await();
                    ward.digests(settings).tick(ward.clock.instant());
                    return true;
                  }));
        }
        for (Future<?> tick : ticks) {
          tick.get();
        }
      }
      assertThat(letters(ward)).hasSize(1);
    }
  }

  @Test
  void whatAServerHasClaimedThatEndedIsSentByAnother() throws Exception {
    try (var ward = Ward.embedded(directory, Told.POSTMASTER)) {
      ward.sweep.tick();
      ward.put(Ward.detained("one", "x", ward.clock.instant(), "kim@own.example"));
      ward.clock.turn(DAY);
      Instant last = ward.memory().last(ward.clock.instant());
      assertThat(ward.memory().claim(last, ward.clock.instant())).isTrue();
      ward.sweep.tick();
      assertThat(letters(ward)).isEmpty();
      ward.clock.turn(Duration.ofMinutes(10));
      ward.sweep.tick();
      assertThat(letters(ward)).hasSize(1);
    }
  }
}
