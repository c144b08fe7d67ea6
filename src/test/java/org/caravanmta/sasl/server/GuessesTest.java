package org.caravanmta.sasl.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.sasl.server.People.bytes;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How many wrong passwords a client may try, and whom that keeps out.
class GuessesTest extends LoginClock {
  private static final LoginFailures.Who ANYWHERE = from("192.0.2.200");

  @Test
  void guessesAreCountedAndForgottenWithTheWindow() throws Exception {
    var failures = failures(2, 2);
    var guarded =
        new GuardedAccounts(file("ann:{PLAIN}pencil\nbob:{PLAIN}x\n"), failures, ANYWHERE);
    assertThat(guarded.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(scram(guarded, "ANN", "x")).isInstanceOf(LoginStep.Failure.class);

    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);
    assertThat(scram(guarded, "ann", "pencil")).isInstanceOf(LoginStep.Unavailable.class);
    assertThat(guarded.check("bob", "x")).isInstanceOf(CredentialCheck.Right.class);

    clock.turn(Duration.ofMinutes(11));
    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Right.class);
  }

  @Test
  void whatOthersTryAsAUserKeepsNobodyOut() throws Exception {
    var failures = failures(100, 2);
    Accounts accounts = file("ann:{PLAIN}pencil\n");
    for (int i = 1; i < 100; i++) {
      var stranger = new GuardedAccounts(accounts, failures, from("192.0.2." + i));
      assertThat(stranger.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
      assertThat(stranger.check("Ann", "y")).isInstanceOf(CredentialCheck.Wrong.class);
      assertThat(stranger.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);
    }

    var ann = new GuardedAccounts(accounts, failures, from("198.51.100.1"));
    assertThat(ann.check("ann", "pencil")).isEqualTo(new CredentialCheck.Right("ann"));
  }

  @Test
  void whereSomebodyHasLoggedInAFewOldPasswordsLockNobodyOut() throws Exception {
    var failures = failures(2, 2);
    var guarded = new GuardedAccounts(file("ann:{PLAIN}pencil\n"), failures, ANYWHERE);
    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Right.class);
    for (int i = 0; i < 19; i++) {
      assertThat(guarded.check("ann", "old")).isInstanceOf(CredentialCheck.Wrong.class);
    }
    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Right.class);
    // and yet there is an end to guessing
    assertThat(guarded.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);

    // a month later it is forgotten
    clock.turn(Duration.ofDays(31));
    assertThat(guarded.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(guarded.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(guarded.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);
  }

  @Test
  void theOwnNetworksMayFail() throws Exception {
    var logins =
        Logins.of(
            List.of("PLAIN"),
            Optional.of(file("ann:{PLAIN}pencil\n")),
            oauth(Optional.empty()),
            failures(2, 2),
            clock);
    var own = new LoginChannel(InetAddress.ofLiteral("127.0.0.1"), true, true, Map.of());
    for (int i = 0; i < 30; i++) {
      assertThat(logins.begin("PLAIN", own).orElseThrow().next(bytes("\0ann\0wrong")))
          .isInstanceOf(LoginStep.Failure.class);
    }
    assertThat(logins.begin("PLAIN", own).orElseThrow().next(bytes("\0ann\0pencil")))
        .isEqualTo(new LoginStep.Success("ann"));
  }

  @Test
  void aClientIsASlash64OfIpv6() {
    assertThat(from("2001:db8:1:2::3"))
        .isEqualTo(from("2001:db8:1:2:ffff::1"))
        .isNotEqualTo(from("2001:db8:1:3::3"));
  }
}
