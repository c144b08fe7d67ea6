package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.message.Bodies;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionCacheTest {
  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;
  private final TestServer server = TestServer.start();
  private static final Duration LONG = Duration.ofSeconds(5);

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
    cache.keep(first);
    SmtpDialogue again = cache.take(peer(), Protocol.SMTP, Approach.PLAIN).orElseThrow();
    assertThat(again.transfer(Letters.to("b@ex.example"), NOTHING_STORED).ending())
        .isEqualTo(Ending.REUSABLE);
    assertThat(again.uses()).isEqualTo(2);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(cache.take(peer(), Protocol.LMTP, Approach.PLAIN)).isEmpty();
    again.close();
  }

  @Test
  void aConnectionTheServerHasClosedIsNotGivenOut() throws Unreachable {
    cache.keep(open());
    server.disconnect();
    await()
        .until(
            () -> cache.take(peer(), Protocol.SMTP, Approach.PLAIN).isEmpty() && cache.size() == 0);
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
    cache.keep(open());
    now.updateAndGet(t -> t.plusSeconds(3));
    await().until(() -> server.commands().contains("QUIT"));
    assertThat(cache.size()).isZero();
  }

  @Test
  void thereIsALimit() throws Unreachable {
    cache.keep(open());
    cache.keep(open());
    cache.keep(open());
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
