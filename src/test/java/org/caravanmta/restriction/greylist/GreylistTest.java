package org.caravanmta.restriction.greylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.state.ReturningClients;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.state.Triplet;
import org.caravanmta.state.Triplets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreylistTest {
  private static final Greylisting SETTINGS =
      new Greylisting(true, Duration.ofMinutes(1), Duration.ofDays(2), Duration.ofDays(35), 5);

  private final HandClock clock = new HandClock();
  private final Memory seen = new Memory();
  private final Greylist greylist = new Greylist(SETTINGS, Cases.noExemptions(), seen, clock);
  private final Client stranger = Cases.stranger("192.0.2.9");

  @Test
  void aStrangerWhoComesBackIsLetThrough() {
    var rcpt = rcpt(stranger, "ann@far.example", "Bob@own.example");

    assertThat(greylist.check(rcpt).verdict())
        .isEqualTo(
            new Verdict.Defer(
                Reply.of(
                    450, "4.2.0", "<Bob@own.example>: Recipient address rejected: Greylisted")));
    clock.turn(Duration.ofSeconds(59));
    assertThat(greylist.check(rcpt).open()).isFalse();
    clock.turn(Duration.ofSeconds(1));
    assertThat(greylist.check(rcpt)).isEqualTo(rcpt);
    clock.turn(Duration.ofDays(34));
    assertThat(greylist.check(rcpt)).isEqualTo(rcpt);
    clock.turn(Duration.ofDays(34));
    assertThat(greylist.check(rcpt)).as("its lifetime starts anew").isEqualTo(rcpt);
    clock.turn(Duration.ofDays(35));
    assertThat(greylist.check(rcpt).open()).as("forgotten").isFalse();
  }

  @Test
  void aRetryThatComesTooLateIsAFirstAttempt() {
    var rcpt = rcpt(stranger, "ann@far.example", "bob@own.example");
    greylist.check(rcpt);

    clock.turn(Duration.ofDays(2));
    assertThat(greylist.check(rcpt).open()).isFalse();
    clock.turn(Duration.ofMinutes(1));
    assertThat(greylist.check(rcpt).open()).isTrue();
  }

  @Test
  void aTripletIsNetworkSenderAndRecipientWithoutCase() {
    greylist.check(rcpt(stranger, "ann@far.example", "bob@own.example"));
    greylist.check(rcpt(Cases.stranger("2001:db8::1"), "", "bob@own.example"));
    clock.turn(Duration.ofHours(1));

    assertThat(passes("192.0.2.200", "Ann@FAR.example", "BOB@own.example")).isTrue();
    assertThat(passes("2001:db8::ffff:1", "", "bob@own.example")).isTrue();
    assertThat(passes("192.0.3.9", "ann@far.example", "bob@own.example")).isFalse();
    assertThat(passes("2001:db8:0:1::1", "", "bob@own.example")).isFalse();
    assertThat(passes("192.0.2.9", "", "bob@own.example")).isFalse();
    assertThat(passes("192.0.2.9", "ann@far.example", "eve@own.example")).isFalse();
  }

  @Test
  void ourOwnClientsAreNeverAsked() {
    for (var client : new Client[] {Cases.own(), Cases.loggedIn()}) {
      var rcpt = rcpt(client, "ann@own.example", "bob@own.example");
      assertThat(greylist.check(rcpt)).isEqualTo(rcpt);
    }
    assertThat(seen.known).isEmpty();
  }

  @Test
  void nothingIsDeferredWhenItIsOffOrAlreadyDecided() {
    var off =
        new Greylist(
            new Greylisting(
                false, SETTINGS.delay(), SETTINGS.retryWindow(), SETTINGS.lifetime(), 5),
            Cases.noExemptions(),
            seen,
            clock);
    var rcpt = rcpt(stranger, "", "bob@own.example");
    Case permitted = rcpt.decided(Verdict.PERMIT);

    assertThat(off.check(rcpt)).isEqualTo(rcpt);
    assertThat(greylist.check(permitted)).isEqualTo(permitted);
    assertThat(seen.known).isEmpty();
  }

  @Test
  void whatTheRelayListRefusesIsNotRemembered() {
    var rcpt = Cases.rcpt(stranger, "", "u@elsewhere.example");

    assertThat(greylist.check(rcpt)).isEqualTo(rcpt);
    assertThat(seen.known).isEmpty();
  }

  @Test
  void aDatabaseThatIsBackIsAskedAgain() {
    var rcpt = rcpt(stranger, "", "bob@own.example");
    seen.dead = true;
    greylist.check(rcpt);
    seen.dead = false;

    clock.turn(Duration.ofSeconds(5));
    assertThat(greylist.check(rcpt).open()).isFalse();
  }

  @Test
  void aDeadDatabaseDefersNobodyAndSaysSoOnceAMinute() {
    var rcpt = rcpt(stranger, "", "bob@own.example");
    seen.dead = true;
    seen.asked = 0;
    try (var log = new LogLines(Greylist.class.getName())) {
      for (int i = 0; i < 5; i++) {
        assertThat(greylist.check(rcpt)).isEqualTo(rcpt);
      }
      clock.turn(Duration.ofMinutes(1));
      greylist.check(rcpt);
      assertThat(seen.asked).as("it is left alone for a while").isEqualTo(2);
      assertThat(log.lines())
          .hasSize(2)
          .first()
          .isEqualTo("WARN greylist: nobody is deferred while its database is unavailable: dead");
    }
  }

  @Test
  void forgottenTripletsAreRemovedALittleAtATime() {
    for (int i = 0; i < 1200; i++) {
      greylist.check(rcpt(stranger, letters(i) + "@far.example", "bob@own.example"));
    }
    clock.turn(Duration.ofDays(3));

    greylist.check(rcpt(stranger, "", "bob@own.example"));
    assertThat(seen.known).hasSize(701);
    greylist.check(rcpt(stranger, "", "bob@own.example"));
    greylist.check(rcpt(stranger, "", "bob@own.example"));
    assertThat(seen.known).hasSize(1);
  }

  @Test
  void aSenderWhoseAddressHasAnotherNumberEachTimeIsOne() {
    greylist.check(rcpt(stranger, "bounce-4711-ann=own.example@far.example", "ann@own.example"));
    greylist.check(rcpt(stranger, "news+ab3f@far.example", "ann@own.example"));
    clock.turn(Duration.ofMinutes(1));

    assertThat(passes("192.0.2.9", "bounce-4712-ann=own.example@far.example", "ann@own.example"))
        .isTrue();
    assertThat(passes("192.0.2.9", "news+99@far.example", "ann@own.example")).isTrue();
    assertThat(passes("192.0.2.9", "news@far.example", "ann@own.example")).isTrue();
    assertThat(passes("192.0.2.9", "bounce-x-ann=own.example@far.example", "ann@own.example"))
        .isFalse();
    assertThat(passes("192.0.2.9", "news+1@far2.example", "ann@own.example")).isFalse();
  }

  @Test
  void aClientThatHasComeBackFiveTimesIsAskedNoMore() {
    for (int i = 0; i < 4; i++) {
      returns(letters(i) + "@far.example");
    }
    assertThat(passes("192.0.2.9", "fifth@far.example", "bob@own.example")).isFalse();
    clock.turn(Duration.ofMinutes(1));
    assertThat(passes("192.0.2.9", "a@far.example", "bob@own.example"))
        .as("a triplet counts once")
        .isTrue();
    assertThat(passes("192.0.2.9", "new@far.example", "bob@own.example")).isFalse();
    assertThat(passes("192.0.2.9", "fifth@far.example", "bob@own.example")).isTrue();

    assertThat(passes("192.0.2.9", "sixth@far.example", "bob@own.example")).isTrue();
    assertThat(passes("192.0.2.200", "seventh@far2.example", "eve@own.example"))
        .as("its neighbour of the same pool")
        .isTrue();
    assertThat(passes("192.0.3.9", "sixth@far.example", "bob@own.example")).isFalse();

    clock.turn(Duration.ofDays(34));
    assertThat(passes("192.0.2.9", "eighth@far.example", "bob@own.example")).isTrue();
    clock.turn(Duration.ofDays(34));
    assertThat(passes("192.0.2.9", "ninth@far.example", "bob@own.example")).isTrue();
    clock.turn(Duration.ofDays(35));
    assertThat(passes("192.0.2.9", "tenth@far.example", "bob@own.example"))
        .as("forgotten")
        .isFalse();
  }

  @Test
  void withoutALimitNobodyIsKnownForAServer() {
    var strict =
        new Greylist(
            new Greylisting(true, SETTINGS.delay(), SETTINGS.retryWindow(), SETTINGS.lifetime(), 0),
            Cases.noExemptions(),
            seen,
            clock);
    for (int i = 0; i < 9; i++) {
      strict.check(rcpt(stranger, letters(i) + "@far.example", "bob@own.example"));
    }
    clock.turn(Duration.ofMinutes(1));
    for (int i = 0; i < 9; i++) {
      strict.check(rcpt(stranger, letters(i) + "@far.example", "bob@own.example"));
    }
    assertThat(strict.check(rcpt(stranger, "new@far.example", "bob@own.example")).open()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.9, joe@far.example, bob@own.example, true",
    "192.0.2.10, joe@far.example, bob@own.example, false",
    "203.0.113.77, joe@far.example, bob@own.example, true",
    "198.51.100.1, boss@partner.example, bob@own.example, true",
    "198.51.100.1, boss@mx.partner.example, bob@own.example, true",
    "198.51.100.1, boss@notpartner.example, bob@own.example, false",
    "198.51.100.1, '', bob@own.example, true",
    "198.51.100.1, joe@far.example, postmaster+x@own.example, true",
    "198.51.100.1, joe@far.example, sales@quick.example, true",
    "198.51.100.1, joe@far.example, slow@quick.example, false"
  })
  void whomTheOperatorExemptsIsNeverDeferred(
      String client, String sender, String recipient, boolean exempt) {
    var exemptions =
        new Exemptions(
            Cases.access("inline:{192.0.2.9=OK}", "cidr:{{203.0.113.0/24 their servers}}"),
            Cases.access("inline:{partner.example=OK, <>=OK}"),
            Cases.access("inline:{postmaster@=OK, quick.example=yes, slow@quick.example=DUNNO}"));
    var exempting = new Greylist(SETTINGS, exemptions, seen, clock);

    assertThat(exempting.check(rcpt(Cases.stranger(client), sender, recipient)).open())
        .isEqualTo(exempt);
    assertThat(seen.known).hasSize(exempt ? 0 : 1);
  }

  @Test
  void aTableOfExemptionsThatIsAwayDefersNobody() {
    var exemptions = new Exemptions(Cases.access("fail:away"), Cases.access(), Cases.access());
    var exempting = new Greylist(SETTINGS, exemptions, seen, clock);

    assertThat(exempting.check(rcpt(stranger, "joe@far.example", "bob@own.example")).open())
        .isTrue();
  }

  private void returns(String sender) {
    assertThat(passes("192.0.2.9", sender, "bob@own.example")).isFalse();
    clock.turn(Duration.ofMinutes(1));
    assertThat(passes("192.0.2.9", sender, "bob@own.example")).isTrue();
  }

  /// A name without a number.
  private static String letters(int number) {
    return (number >= 26 ? letters(number / 26 - 1) : "") + (char) ('a' + number % 26);
  }

  @Test
  void settingsRefuseNonsense() {
    assertThatThrownBy(
            () -> new Greylisting(true, Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 5))
        .hasMessage("delay must be longer than 0s");
    assertThatThrownBy(
            () ->
                new Greylisting(
                    true, Duration.ofHours(2), Duration.ofHours(1), Duration.ofDays(1), 5))
        .hasMessage("retry-window must be longer than delay");
  }

  private static Case.Rcpt rcpt(Client client, String sender, String recipient) {
    return Cases.rcpt(client, sender, recipient).vouchedFor();
  }

  private boolean passes(String client, String sender, String recipient) {
    return greylist.check(rcpt(Cases.stranger(client), sender, recipient)).open();
  }

  /// What a database does, in memory.
  private static final class Memory implements Triplets {
    private final Map<Triplet, Sighting> known = new ConcurrentHashMap<>();
    private final Map<String, ReturningClients.Known> back = new ConcurrentHashMap<>();
    private boolean dead;
    private int asked;

    @Override
    public Optional<Sighting> find(Triplet triplet, Instant now) throws StateUnavailable {
      alive();
      return Optional.ofNullable(known.get(triplet)).filter(s -> s.expires().isAfter(now));
    }

    @Override
    public boolean remember(Triplet triplet, Sighting sighting) throws StateUnavailable {
      alive();
      Sighting before = known.put(triplet, sighting);
      return before == null || before.returned() != sighting.returned();
    }

    @Override
    public int forgetExpired(Instant now, int most) throws StateUnavailable {
      alive();
      var expired =
          known.entrySet().stream()
              .filter(e -> !e.getValue().expires().isAfter(now))
              .limit(most)
              .toList();
      expired.forEach(e -> known.remove(e.getKey()));
      return expired.size();
    }

    @Override
    public ReturningClients returns() {
      return new ReturningClients() {
        @Override
        public Optional<Known> find(String network, Instant now) throws StateUnavailable {
          alive();
          return Optional.ofNullable(back.get(network)).filter(r -> r.expires().isAfter(now));
        }

        @Override
        public void count(String network, Instant now, Instant expires) throws StateUnavailable {
          int times = find(network, now).map(Known::times).orElse(0);
          back.put(network, new Known(times + 1, expires));
        }

        @Override
        public void keep(String network, Instant expires) throws StateUnavailable {
          alive();
          back.computeIfPresent(network, (_, r) -> new Known(r.times(), expires));
        }

        @Override
        public int forgetExpired(Instant now, int most) throws StateUnavailable {
          alive();
          back.values().removeIf(r -> !r.expires().isAfter(now));
          return 0;
        }
      };
    }

    private void alive() throws StateUnavailable {
      asked++;
      if (dead) {
        throw new StateUnavailable("dead", new SQLException("dead"));
      }
    }
  }
}
