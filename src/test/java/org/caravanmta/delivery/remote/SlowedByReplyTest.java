package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.reply.RuleFiles;
import org.caravanmta.delivery.schedule.BrakeState;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.policy.Cases;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.CallerSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.TestServer;
import org.caravanmta.table.SearchPath;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What rules for replies make of deliveries to servers that reply so.
class SlowedByReplyTest extends ServersInReach {
  private static final String SLOW_DOWN = "421 4.7.0 slow down";
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @TempDir Path directory;

  @BeforeEach
  void exchangers() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx2\nmx2 A 127.0.0.2");
  }

  /// At whatever step it says so: its mail waits, that of others flows, and after that time it
  /// comes back.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "greeting | 220 mx.test ESMTP",
        "EHLO     | 250 mx.test",
        "MAIL     | 250 ok",
        "RCPT     | 250 ok",
        "DATA     | 354 go on",
        ".        | 250 ok"
      })
  void aServerThatWantsLessIsLeftAloneForThatTime(String step, String usual) {
    rules("/^421 4\\.7\\.0 slow/ suspend for 10m");
    if (step.equals("greeting")) {
      server.greeting(SLOW_DOWN);
    } else {
      server.on(step, SLOW_DOWN, usual);
    }
    try (TestServer other = sibling()) {
      TaskOutcome first = toFar();
      assertThat(attempt(first)).isInstanceOf(Attempt.Deferred.class);
      assertThat(reason(first).reply()).contains(SLOW_DOWN);
      assertThat(server.connections()).isEqualTo(1);

      TaskOutcome second = toFar();
      assertThat(attempt(second)).isInstanceOf(Attempt.Deferred.class);
      assertThat(second.tried()).describedAs("it goes to a lane, as for a dead site").isTrue();
      assertThat(reason(second).text())
          .startsWith("delivery temporarily suspended: ")
          .contains(SLOW_DOWN);
      assertThat(reason(second).status()).hasToString("4.7.0");
      assertThat(server.connections()).describedAs("it was not called").isEqualTo(1);

      assertThat(attempt(deliver("other.far.example", Letters.to("a@other.far.example"))))
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(other.received()).hasSize(1);
      assertThat(destinations.brakes())
          .containsExactly(
              new BrakeState(
                  "far.example",
                  "suspend",
                  now.get().plus(TEN_MINUTES),
                  directory.resolve("replies") + ":1",
                  SLOW_DOWN));
    }

    server.greeting("220 mx.test ESMTP");
    now.updateAndGet(t -> t.plus(TEN_MINUTES));
    assertThat(attempt(toFar())).isInstanceOf(Attempt.Delivered.class);
    assertThat(destinations.brakes()).isEmpty();
    assertThat(destinations.states("smtp")).describedAs("nothing is left of it").isEmpty();
  }

  /// Without a rule, the next server of the destination is tried.
  @Test
  void noFurtherServerOfItGetsTheMessageEither() {
    zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
    caller = believingRefusals();
    server.greeting("554 5.7.1 too fast");
    try (TestServer second = sibling()) {
      rules("/^554/ suspend");
      TaskOutcome outcome = toFar();
      assertThat(attempt(outcome))
          .describedAs("the other server was not asked")
          .isInstanceOf(Attempt.Deferred.class);
      assertThat(second.connections()).isZero();

      rules();
      assertThat(attempt(toFar())).isInstanceOf(Attempt.Delivered.class);
      assertThat(second.connections()).isEqualTo(1);
    }
  }

  @Test
  void aRefusalForGoodThatMeansARateIsADeferralAndOthersAreFinalStill() {
    rules("/^550 5\\.7\\.1 .*rate/ defer, rate=1000/s", "/^450 4\\.2\\.2/ fail");
    server
        .on("RCPT TO:<a@", "550 5.7.1 Rate limit exceeded")
        .on("RCPT TO:<b@", "550 5.1.1 nobody")
        .on("RCPT TO:<c@", "450 4.2.2 mailbox full")
        .on("RCPT TO:<d@", "450 4.2.1 later");
    TaskOutcome outcome =
        deliver(
            "far.example",
            Letters.to("a@far.example", "b@far.example", "c@far.example", "d@far.example"));
    assertThat(outcome.results())
        .extracting(each -> said(each.attempt()))
        .containsExactly(
            "Deferred 4.7.1 550 5.7.1 Rate limit exceeded",
            "Failed 5.1.1 550 5.1.1 nobody",
            "Failed 5.2.2 450 4.2.2 mailbox full",
            "Deferred 4.2.1 450 4.2.1 later");
    assertThat(reason(outcome).text())
        .endsWith("(deferred by " + directory.resolve("replies") + ":1)");

    server.on("RCPT TO:<a@", "250 ok");
    assertThat(attempt(toFar())).isInstanceOf(Attempt.Delivered.class);
  }

  @Test
  void aBannerThatMeansARateIsADeferral() {
    caller = believingRefusals();
    server.greeting("554 5.7.1 rate limit exceeded");
    rules("/^554 .*rate/ defer");
    assertThat(said(attempt(toFar()))).isEqualTo("Deferred 4.7.1 554 5.7.1 rate limit exceeded");
    rules();
    assertThat(attempt(toFar())).isInstanceOf(Attempt.Failed.class);
  }

  @Test
  void mailLeavesFromTheOtherPoolForThatTime() throws Exception {
    rules("/^451 4\\.7\\.1 .*listed/ pool=spare for 10m");
    approaches = withPools();
    server.on("RCPT", "451 4.7.1 you are listed", "250 ok");
    toFar();
    assertThat(server.callers()).containsExactly(address("127.0.0.7"));
    assertThat(attempt(toFar())).isInstanceOf(Attempt.Delivered.class);
    assertThat(server.callers())
        .containsExactlyInAnyOrder(address("127.0.0.7"), address("127.0.0.8"));
    try (TestServer other = sibling()) {
      deliver("other.far.example", Letters.to("a@other.far.example"));
      assertThat(other.callers()).containsExactly(address("127.0.0.7"));
    }
    int before = server.connections();
    toFar();
    assertThat(server.connections()).describedAs("it is kept").isEqualTo(before);

    now.updateAndGet(t -> t.plus(TEN_MINUTES));
    server.disconnect();
    server.on("RCPT", "451 4.7.1 you are listed");
    assertThat(destinations.brakes()).isEmpty();
    toFar();
    assertThat(destinations.brakes()).extracting(BrakeState::what).containsExactly("pool=spare");
  }

  @Test
  void aRuleIsOnlyForTheServersThatItNames() {
    server.on("RCPT", SLOW_DOWN);
    rules("/^421/ suspend at mx2.*, *.near.example", "/^421/ concurrency=1 at MX1.far.example");
    toFar();
    assertThat(destinations.brakes()).extracting(BrakeState::what).containsExactly("concurrency=1");
  }

  private TaskOutcome toFar() {
    return deliver("far.example", Letters.to("a@far.example"));
  }

  private static Attempt attempt(TaskOutcome outcome) {
    return outcome.results().getFirst().attempt();
  }

  private static String said(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Delivered delivered -> delivered.text();
      case Attempt.Deferred(var reason) ->
          "Deferred " + reason.status() + " " + reason.reply().orElse("");
      case Attempt.Failed(var reason) ->
          "Failed " + reason.status() + " " + reason.reply().orElse("");
    };
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  /// For whom a server that greets us with 5yz has refused the message for good.
  private SmtpCaller believingRefusals() {
    CallerSettings usual = caller.settings();
    return new SmtpCaller(
        caller.hostname(),
        caller.connection(),
        new CallerSettings(
            usual.heloName(),
            usual.bindAddress(),
            usual.bindAddress6(),
            false,
            usual.xforward(),
            usual.timeouts()));
  }

  private Approaches withPools() throws Exception {
    var sources =
        new Sources(
            new SourceSettings(
                List.of("usual 127.0.0.7", "spare 127.0.0.8"),
                "usual",
                List.of(),
                List.of(),
                2,
                LONG,
                LONG),
            Cases.search("ex.example"),
            new SearchPath(List.of()),
            clock);
    var tls = SettingsFile.read(Optional.empty(), List.of(), Optional.empty()).delivery().tls();
    return new ServerApproaches(
        TlsPolicies.open(tls, clock),
        SecurityLevel.NONE,
        false,
        List.of(),
        ServerLogins.NOBODY,
        sources,
        new Fallbacks(Duration.ZERO, clock));
  }

  private void rules(String... lines) {
    destinations =
        new Destinations(
            new Limits(
                2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
            new Load(100, 1000, LONG),
            Shaping.usual(),
            RuleFiles.rules(directory, List.of("usual", "spare"), lines),
            clock);
  }
}
