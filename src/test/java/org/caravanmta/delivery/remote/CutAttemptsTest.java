package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.watch.AttemptRow;
import org.caravanmta.delivery.watch.WatchedAttempts;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Mail;
import org.caravanmta.peers.Authority;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.TestServer;
import org.caravanmta.tls.Strength;
import org.caravanmta.tls.client.ClientTlsSettings;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsSections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of an attempt that makes no progress, and of its message.
class CutAttemptsTest extends ServersInReach {
  /// Longer than any test: what ends, is ended from outside.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir Path directory;
  private final WatchedAttempts attempts = new WatchedAttempts();

  @BeforeEach
  void patient() {
    caller = new SmtpCaller("relay.example", PATIENCE, PATIENCE, PATIENCE);
  }

  @AfterEach
  void stop() {
    attempts.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"greeting", "ehlo", "starttls", "mail", "rcpt", "data", "content", "end_of_data"})
  void aServerThatHangsAtAnyStepIsLeft(String step) throws Exception {
    if (step.equals("starttls")) {
      speakTls();
    }
    try (var sink = new HangingSink(step)) {
      Mail small = Letters.to("a@far.example", "b@far.example");
      Mail mail = step.equals("content") ? large("a@far.example", "b@far.example") : small;
      FutureTask<TaskOutcome> attempt = begin(sink.nextHop(), mail);
      await().until(sink::hangs);
      AttemptRow row = attempts.at(step);
      assertThat(row.server()).isEqualTo("127.0.0.1[127.0.0.1]:" + sink.nextHop().split(":")[1]);
      assertThat(row.recipients()).isEqualTo(2);

      attempts.pass(Duration.ofMinutes(59));
      assertThat(attempt.isDone()).isFalse();
      assertThat(attempts.cuts()).isEmpty();
      attempts.pass(Duration.ofMinutes(2));
      TaskOutcome outcome = WatchedAttempts.outcome(attempt);

      String doing = Step.valueOf(step.toUpperCase(Locale.ROOT)).toString();
      assertThat(outcome.tried()).isTrue();
      assertThat(outcome.results())
          .hasSize(2)
          .allSatisfy(
              result -> {
                assertThat(result.attempt()).isInstanceOf(Attempt.Deferred.class);
                assertThat(reason(outcome).status()).hasToString("4.4.2");
                assertThat(reason(outcome).text())
                    .startsWith(
                        "delivery with "
                            + row.server()
                            + " was cut by the watchdog: no progress for 3660 s, while "
                            + doing);
              });
      assertThat(attempts.cuts()).hasSize(1).allMatch(cut -> cut.number() == row.number());
      assertThat(attempts.rows()).isEmpty();

      approaches = Approaches.PLAIN;
      sink.goOn();
      TaskOutcome again = WatchedAttempts.outcome(begin(sink.nextHop(), small));
      assertThat(again.results()).allMatch(it -> it.attempt() instanceof Attempt.Delivered);
      await().until(() -> sink.taken() == 1);
    }
  }

  /// No other server gets a message whose attempt the operator has ended.
  @Test
  void theOperatorCutsAnAttemptWhileItSendsContent() throws Exception {
    try (var sink = new HangingSink("content")) {
      FutureTask<TaskOutcome> attempt =
          begin(sink.nextHop() + ", " + server.nextHop(), large("a@far.example"));
      await().until(sink::hangs);
      AttemptRow row = attempts.at("content");
      assertThat(row.size()).isGreaterThan(row.sent());
      assertThat(row.source()).isEqualTo("127.0.0.1");
      assertThat(attempts.cut(row.number() + 1)).isFalse();
      assertThat(attempts.cut(row.number())).isTrue();

      TaskOutcome outcome = WatchedAttempts.outcome(attempt);
      assertThat(reason(outcome).text())
          .contains(" was cut by the operator (ann), while sending content, ")
          .endsWith(" of " + row.size() + " bytes");
      assertThat(server.connections()).isZero();
      assertThat(attempts.cut(row.number())).isFalse();
    }
  }

  @Test
  void whatTheServerHasRefusedStaysRefused() throws Exception {
    server.offering("SIZE").on("RCPT TO:<no@", "550 5.1.1 nobody").on("DATA", TestServer.SILENCE);
    FutureTask<TaskOutcome> attempt =
        begin(server.nextHop(), Letters.to("no@far.example", "b@far.example"));
    attempts.cut(attempts.at("data").number());
    TaskOutcome outcome = WatchedAttempts.outcome(attempt);
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
    assertThat(outcome.results().getLast().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void anAttemptThatWaitsForItsTurnIsCutAndItsThreadGoesOn() throws Exception {
    var turns =
        List.of(
            (Admission.Turn) destinations.await(server.nextHop()),
            (Admission.Turn) destinations.await(server.nextHop()));
    FutureTask<TaskOutcome> attempt = begin(server.nextHop(), Letters.to("a@far.example"));
    attempts.cut(attempts.at("turn").number());
    TaskOutcome outcome = WatchedAttempts.outcome(attempt);
    assertThat(reason(outcome).text()).endsWith("(ann), while waiting for its turn");
    assertThat(outcome.tried()).isTrue();
    turns.forEach(Admission.Turn::close);
    TaskOutcome again = WatchedAttempts.outcome(begin(server.nextHop(), Letters.to("a@b.example")));
    assertThat(again.results()).allMatch(it -> it.attempt() instanceof Attempt.Delivered);
  }

  /// Whichever comes first: one outcome, and a message that is deferred was not acknowledged.
  @Test
  void aCutAndASuccessAtTheSameTimeAreOneOutcome() throws Exception {
    int delivered = 0;
    for (int i = 0; i < 100; i++) {
      FutureTask<TaskOutcome> attempt = begin(server.nextHop(), Letters.to("a@far.example"));
      while (attempts.rows().isEmpty() && !attempt.isDone()) {
        Thread.onSpinWait();
      }
      for (int spin = 0; spin < i * 2000; spin++) {
        Thread.onSpinWait();
      }
      attempts.rows().forEach(row -> attempts.cut(row.number()));
      TaskOutcome outcome = WatchedAttempts.outcome(attempt);
      assertThat(outcome.results()).hasSize(1);
      if (outcome.results().getFirst().attempt() instanceof Attempt.Delivered) {
        delivered++;
      } else {
        assertThat(reason(outcome).text()).contains("was cut by the operator (ann)");
      }
      assertThat(attempts.rows()).isEmpty();
    }
    assertThat(server.received().size()).isGreaterThanOrEqualTo(delivered);
    assertThat(attempts.cuts().size()).isGreaterThanOrEqualTo(100 - delivered);
  }

  private void speakTls() throws IOException {
    Authority.make(directory.resolve("ca"), "authority");
    ClientTlsSettings usual =
        TlsSections.of(SecurityLevel.MAY, directory.resolve("ca/authority.pem")).settings();
    caller = caller.with(new TlsClient(patient(usual), clock));
    TlsPolicy may = TlsPolicy.of(SecurityLevel.MAY, Strength.USUAL, TlsPolicy.Origin.SETTINGS);
    var approach = new Approach(may, false, Optional.empty(), Optional.empty());
    approaches = (_, _, _, _) -> new Approaches.Choice.As(approach);
  }

  private static ClientTlsSettings patient(ClientTlsSettings own) {
    return new ClientTlsSettings(
        own.level(),
        own.lmtpLevel(),
        own.policies(),
        own.files(),
        own.authorities(),
        own.verifyMatch(),
        own.secureMatch(),
        own.fingerprints(),
        own.fingerprintDigest(),
        own.groups(),
        own.wrapped(),
        PATIENCE,
        own.fallbackMemory(),
        own.strength());
  }

  private FutureTask<TaskOutcome> begin(String nextHop, Mail mail) {
    return attempts.begin(each -> deliver(nextHop, each), Letters.hopping(mail, "smtp", nextHop));
  }

  /// Larger than what the buffers of two sockets hold.
  private static Mail large(String... recipients) {
    return Letters.letter("Subject: x\r\n", "0123456789abcdef\r\n".repeat(1 << 19), recipients);
  }
}
