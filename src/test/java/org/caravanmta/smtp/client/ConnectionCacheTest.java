package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Bodies;
import org.caravanmta.sasl.client.LoginProof;
import org.caravanmta.sasl.client.LoginRules;
import org.caravanmta.sasl.client.LoginTerms;
import org.caravanmta.sasl.client.MechanismFilter;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.caravanmta.tls.Strength;
import org.caravanmta.tls.client.ChannelSecurity;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsaRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionCacheTest {
  private static final LoginTerms TERMS =
      new LoginTerms(
          new LoginRules(
              new MechanismFilter(List.of()),
              Set.of(),
              Set.of(),
              ChannelSecurity.VERIFIED,
              false,
              true),
          Duration.ZERO,
          InstantSource.system());

  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;
  private final TestServer server = TestServer.start();
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ConnectionCache cache =
      new ConnectionCache(
          new ConnectionSettings(LONG, LONG, LONG, Duration.ofSeconds(2), 0, false), 2, clock);
  private final SmtpCaller caller =
      new SmtpCaller(
          "relay.example", Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @AfterEach
  void close() {
    cache.close();
    server.close();
  }

  @Test
  void theNextMessageGoesOverTheSameConnection() throws Unreachable {
    SmtpDialogue first = open();
    first.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
    cache.keep(first, 100);
    SmtpDialogue again = cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 100).orElseThrow();
    assertThat(again.transfer(Letters.to("b@ex.example"), NOTHING_STORED).ending())
        .isEqualTo(Ending.REUSABLE);
    assertThat(again.uses()).isEqualTo(2);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(cache.take(peer(), Protocol.LMTP, Approach.PLAIN, 100)).isEmpty();
    again.close();
  }

  /// What a message that must go another way would be given away by: its login, its password, its
  /// policy, the address of ours.
  @Test
  void aConnectionIsOnlyForWhoComesInTheSameWay() throws Unreachable {
    TlsPolicy encrypt =
        TlsPolicy.of(SecurityLevel.ENCRYPT, Strength.USUAL, TlsPolicy.Origin.SETTINGS);
    cache.keep(open(), 100);
    for (Approach other :
        List.of(
            new Approach(TlsPolicy.NONE, false, login("joe", "a"), Optional.empty()),
            new Approach(encrypt, false, Optional.empty(), Optional.empty()),
            new Approach(TlsPolicy.NONE, true, Optional.empty(), Optional.empty()),
            new Approach(
                TlsPolicy.NONE,
                false,
                Optional.empty(),
                Optional.of(new Source(InetAddress.ofLiteral("127.0.0.9"), Optional.empty()))))) {
      assertThat(cache.take(peer(), Protocol.SMTP, other, 100)).isEmpty();
    }
    assertThat(cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 100)).isPresent();
    assertThat(new Approach(encrypt, false, login("joe", "a"), Optional.empty()))
        .isEqualTo(new Approach(encrypt, false, login("joe", "a"), Optional.empty()))
        .isNotEqualTo(new Approach(encrypt, false, login("joe", "b"), Optional.empty()))
        .isNotEqualTo(new Approach(encrypt, false, login("ann", "a"), Optional.empty()))
        .isNotEqualTo(
            new Approach(
                encrypt.matching(List.of("a.example")), false, login("joe", "a"), Optional.empty()))
        .isNotEqualTo(
            new Approach(encrypt.asking("a.example"), false, login("joe", "a"), Optional.empty()))
        .isNotEqualTo(
            new Approach(
                encrypt.with(List.of(new TlsaRecord(3, 1, 1, "ab"))),
                false,
                login("joe", "a"),
                Optional.empty()));
  }

  private static Optional<RemoteLogin> login(String user, String password) {
    return Optional.of(new RemoteLogin(user, new LoginProof.Password(new Secret(password)), TERMS));
  }

  @Test
  void aConnectionTheServerHasClosedIsNotGivenOut() throws Unreachable {
    cache.keep(open(), 100);
    server.disconnect();
    await()
        .until(
            () ->
                cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 100).isEmpty()
                    && cache.size() == 0);
  }

  @Test
  void aConnectionClosedUnderTheMessageIsStaleNotDeferred() throws Unreachable {
    server.on("MAIL", "250 Ok", TestServer.CLOSE);
    try (SmtpDialogue dialogue = open()) {
      dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
      assertThat(dialogue.transfer(Letters.to("b@ex.example"), NOTHING_STORED).ending())
          .isEqualTo(Ending.STALE);
    }
    server.on("MAIL", "250 Ok", "421 4.4.2 idle too long");
    try (SmtpDialogue dialogue = open()) {
      dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
      assertThat(dialogue.transfer(Letters.to("b@ex.example"), NOTHING_STORED).ending())
          .isEqualTo(Ending.STALE);
    }
  }

  @Test
  void anIdleConnectionIsEndedWithQuit() throws Unreachable {
    cache.keep(open(), 100);
    now.updateAndGet(t -> t.plusSeconds(3));
    await().until(() -> server.commands().contains("QUIT"));
    assertThat(cache.size()).isZero();
  }

  @Test
  void aConnectionThatHasCarriedEnoughIsNotGivenOut() throws Unreachable {
    SmtpDialogue used = open();
    used.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
    cache.keep(used, 2);
    cache.keep(open(), 100);
    // the newer one is passed over by nobody, the older by who wants a fresh one
    assertThat(cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 1)).isNotEmpty();
    assertThat(cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 1)).isEmpty();
    SmtpDialogue again = cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 2).orElseThrow();
    again.transfer(Letters.to("b@ex.example"), NOTHING_STORED);
    cache.keep(again, 2);
    assertThat(cache.size()).isZero();
    await().until(() -> server.commands().contains("QUIT"));
  }

  @Test
  void thereIsALimit() throws Unreachable {
    cache.keep(open(), 100);
    cache.keep(open(), 100);
    cache.keep(open(), 100);
    assertThat(cache.size()).isEqualTo(2);
    cache.close();
    await().until(() -> server.open() == 0);
  }

  private SmtpDialogue open() throws Unreachable {
    return SmtpDialogue.open(peer(), Protocol.SMTP, caller, Approach.PLAIN);
  }

  private Peer peer() {
    return new Peer("mx.example", server.address());
  }
}
