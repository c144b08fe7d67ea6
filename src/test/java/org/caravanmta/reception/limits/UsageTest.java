package org.caravanmta.reception.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Size;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.reception.limits.Usage.Event;
import org.caravanmta.reception.limits.Usage.Source;
import org.junit.jupiter.api.Test;

class UsageTest {
  private Instant now = Instant.parse("2026-08-25T10:00:00Z");

  @Test
  void aMinuteBeginsWithItsFirstEvent() {
    var usage = usage(0, 2);
    Source source = source(usage, "192.0.2.7");

    assertThat(usage.count(source, Event.MESSAGE)).isTrue();
    now = now.plus(Duration.ofSeconds(59));
    assertThat(usage.count(source, Event.MESSAGE)).isTrue();
    assertThat(usage.count(source, Event.MESSAGE)).isFalse();
    now = now.plus(Duration.ofSeconds(1));
    assertThat(usage.count(source, Event.MESSAGE)).isTrue();
    assertThat(usage.count(source, Event.MESSAGE)).isTrue();
    assertThat(usage.count(source, Event.MESSAGE)).isFalse();
  }

  @Test
  void messagesAndRecipientsAreCountedApart() {
    var usage = usage(0, 1);
    Source source = source(usage, "192.0.2.7");

    assertThat(usage.count(source, Event.MESSAGE)).isTrue();
    assertThat(usage.count(source, Event.RECIPIENT)).isTrue();
    assertThat(usage.count(source, Event.CONNECTION)).isTrue();
    assertThat(usage.count(source, Event.RECIPIENT)).isFalse();
  }

  @Test
  void zeroIsNoLimit() {
    var usage = usage(0, 0);
    Source source = source(usage, "192.0.2.7");

    for (int i = 0; i < 1000; i++) {
      assertThat(usage.enter(source)).isTrue();
      assertThat(usage.count(source, Event.CONNECTION)).isTrue();
    }
  }

  @Test
  void aSessionRefusedTakesNothing() {
    var usage = usage(2, 0);
    Source source = source(usage, "192.0.2.7");

    assertThat(usage.enter(source)).isTrue();
    assertThat(usage.enter(source)).isTrue();
    assertThat(usage.enter(source)).isFalse();
    assertThat(usage.enter(source)).isFalse();
    usage.exit(source);
    assertThat(usage.enter(source)).isTrue();
    usage.exit(source);
    usage.exit(source);
    assertThat(usage.present()).as("nobody is remembered who is not here").isZero();
  }

  @Test
  void aPrefixMakesManyClientsOne() {
    var usage = usage(1, 0);

    assertThat(source(usage, "192.0.2.7")).isNotEqualTo(source(usage, "192.0.2.8"));
    // 84 bits: the last of them is the fourth of the sixth group
    assertThat(source(usage, "2001:db8:1:2:3:4::5"))
        .isEqualTo(source(usage, "2001:db8:1:2:3:fff:6:7"))
        .isNotEqualTo(source(usage, "2001:db8:1:2:3:1004::5"));
  }

  @Test
  void listenersAreCountedApart() {
    var usage = usage(1, 0);

    assertThat(usage.source(client("192.0.2.7", "smtp")))
        .isNotEqualTo(usage.source(client("192.0.2.7", "submission")));
  }

  @Test
  void whoIsExemptIsNotCounted() {
    assertThat(usage(1, 0).source(client("198.51.100.1", "smtp"))).isEmpty();
  }

  @Test
  void aFloodOfAddressesIsForgotten() {
    var usage = usage(1, 1);

    for (int i = 0; i < 3 * Usage.MOST_WATCHED; i++) {
      usage.count(
          source(usage, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)),
          Event.CONNECTION);
    }

    assertThat(usage.watched()).isLessThanOrEqualTo(Usage.MOST_WATCHED);
  }

  private Usage usage(int count, int rate) {
    return new Usage(
        new LimitSettings(
            count,
            rate,
            rate,
            rate,
            32,
            84,
            false,
            Networks.of(List.of()),
            new MemorySettings(new Size(0))),
        Networks.of(List.of("198.51.100.0/24")),
        () -> now);
  }

  private static Source source(Usage usage, String address) {
    return usage.source(client(address, "smtp")).orElseThrow();
  }

  private static Client client(String address, String listener) {
    return new Client(
        ClientHost.of(InetAddress.ofLiteral(address), 40000, false),
        new Greeting("", "SMTP"),
        Entrance.by(listener));
  }
}
