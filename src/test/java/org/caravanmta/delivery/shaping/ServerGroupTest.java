package org.caravanmta.delivery.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.caravanmta.share.Shares;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerGroupTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private Duration patience = Duration.ZERO;
  private final List<IdleConnections> idle = new ArrayList<>();

  @Test
  void thereAreAsManyPlacesAsConnectionsBookedOnesIncluded() throws Exception {
    ServerGroup group = group(Optional.of(2), "");
    assertThat(group.book()).isTrue();
    ServerGroup.Place one = group.enter(false).orElseThrow();
    assertThat(group.book()).isFalse();
    assertThat(group.enter(false)).isEmpty();
    assertThat(group.trouble()).isEqualTo("1 of 2 connections with mx:*.example.net in use");
    ServerGroup.Place two = group.enter(true).orElseThrow();
    assertThat(group.used()).isEqualTo(2);
    one.close();
    assertThat(group.book()).isTrue();
    group.unbook();
    two.close();
    assertThat(group.used()).isZero();
  }

  @Test
  void whoHasNotBookedGetsAPlaceThatIsGivenBackInTime() throws Exception {
    patience = Duration.ofMinutes(1);
    ServerGroup group = group(Optional.of(1), "");
    ServerGroup.Place first = group.enter(false).orElseThrow();
    var second = new CompletableFuture<Optional<ServerGroup.Place>>();
    Thread waiting =
        Thread.startVirtualThread(
            () -> {
              try {
                second.complete(group.enter(false));
              } catch (InterruptedException e) {
                second.completeExceptionally(e);
              }
            });
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING || second.isDone());
    first.close();
    assertThat(second.join()).isPresent();
  }

  /// At 2/h the next may begin half an hour after the one before; 500/s lets in what begins within
  /// a second.
  @Test
  void messagesBeginNoMoreOftenThanTheRateSays() throws Exception {
    ServerGroup group = group(Optional.empty(), "2/h");
    group.enter(false).orElseThrow().close();
    assertThat(group.book()).isFalse();
    assertThat(group.enter(false)).isEmpty();
    assertThat(group.trouble()).isEqualTo("no more than 2/h with mx:*.example.net");
    now.addAndGet(Duration.ofMinutes(30).toNanos());
    assertThat(group.book()).isTrue();
    assertThat(group.book()).isFalse();
    try (ServerGroup.Place place = group.enter(true).orElseThrow()) {
      assertThat(place.again()).isFalse();
    }

    ServerGroup fast = group(Optional.empty(), "500/s");
    int places = 0;
    while (fast.book()) {
      places++;
    }
    assertThat(places).isEqualTo(501);
  }

  @Test
  void idleConnectionsCountUntilTheyAreClosed() throws Exception {
    ServerGroup group = group(Optional.of(3), "");
    var asked = new ArrayList<Integer>();
    idle.add((_, most) -> record(asked, most, Math.min(most, 1)));
    idle.add((_, most) -> record(asked, most, most));
    assertThat(group.enter(false)).isPresent();
    group.makeRoom();
    // two may stay beside the one to come: one here, so one there
    assertThat(asked).containsExactly(2, 1);
    var never = new AtomicInteger();
    idle.add((_, _) -> never.incrementAndGet());
    group(Optional.empty(), "1/s").makeRoom();
    assertThat(never).hasValue(0);
  }

  @Test
  void figuresShowHowMuchOfAGroupIsInUse(@TempDir Path directory) throws Exception {
    Path rules = directory.resolve("shaping");
    Files.writeString(
        rules,
        "mx:*.a.example connections=3\nmx:*.b.example rate=1/s\n"
            + "mx:*.c.example messages-per-connection=1\n");
    var groups = new ServerGroups();
    Shaping shaping = Shaping.open(new ShapingSettings(List.of(rules), 100), groups);
    var registry = new SimpleMeterRegistry();
    groups.measure(registry);
    assertThat(shaping.group("mx.a.example").orElseThrow().enter(false)).isPresent();
    assertThat(shaping.group("mx.c.example")).isEmpty();
    assertThat(value(registry, "caravan_server_group_connections", "mx:*.a.example")).isEqualTo(1);
    assertThat(value(registry, "caravan_server_group_limit", "mx:*.a.example")).isEqualTo(3);
    assertThat(value(registry, "caravan_server_group_connections", "mx:*.b.example")).isZero();
    assertThat(registry.getMeters()).hasSize(3);
  }

  private static double value(MeterRegistry registry, String name, String group) {
    return registry.get(name).tag("group", group).gauge().value();
  }

  @ParameterizedTest
  @CsvSource({"12/s, 83333333", "600/m, 100000000", "1000/h, 3600000000"})
  void aRateIsARestBetweenBeginnings(String text, long nanos) {
    Rate rate = Rate.parse(text);
    assertThat(rate.interval()).isEqualTo(Duration.ofNanos(nanos));
    assertThat(rate).hasToString(text);
  }

  private static int record(List<Integer> asked, int most, int kept) {
    asked.add(most);
    return kept;
  }

  private ServerGroup group(Optional<Integer> connections, String rate) {
    var given =
        new ShapingRule.Given(
            Optional.empty(),
            connections,
            Optional.of(rate).filter(it -> !it.isEmpty()).map(Rate::parse),
            Optional.empty(),
            Optional.empty());
    return new ServerGroup(
        new ShapingRule("shaping:1", "mx:*.example.net", given),
        Shares.WHOLE,
        idle,
        patience,
        now::get);
  }
}
