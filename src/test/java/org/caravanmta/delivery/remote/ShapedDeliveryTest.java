package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.Restraint;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What rules for destinations and servers make of deliveries.
class ShapedDeliveryTest extends ServersInReach {
  @TempDir Path directory;

  private final ServerGroups groups = new ServerGroups();

  @Test
  void aConnectionCarriesAsManyMessagesAsItMay() throws IOException {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    shape("far.example messages-per-connection=2");
    for (int i = 0; i < 5; i++) {
      deliver("far.example", Letters.to("a@far.example"));
    }
    assertThat(server.received()).hasSize(5);
    assertThat(server.connections()).isEqualTo(3);
  }

  @Test
  void aServerThatWantsOneMessageGetsEachOnAConnectionOfItsOwn() throws IOException {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx1");
    shape("mx:mx1.far.example messages-per-connection=1");
    for (int i = 0; i < 2; i++) {
      deliver("far.example", Letters.to("a@far.example"));
      deliver("other.far.example", Letters.to("a@other.far.example"));
    }
    assertThat(server.received()).hasSize(4);
    assertThat(server.connections()).isEqualTo(4);
  }

  @Test
  void whoWantsAConnectionOfItsOwnDoesNotGetOneThatHasCarriedOthers() throws IOException {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx1");
    shape("other.far.example messages-per-connection=1");
    deliver("far.example", Letters.to("a@far.example"));
    deliver("other.far.example", Letters.to("a@other.far.example"));
    assertThat(server.connections()).isEqualTo(2);
    // the first is still there for whom it may serve
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aMessageThatFindsNoPlaceIsPutBackAndTheNextWaitsInItsQueue() throws Exception {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx2\nmx2 A 127.0.0.2");
    shape("mx:mx1.far.example connections=1");
    ServerGroup group = groups.all().getFirst();
    assertThat(destinations.line("Far.example")).isEqualTo("far.example");
    try (ServerGroup.Place _ = group.enter(false).orElseThrow();
        var other = sibling()) {
      TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
      assertThat(outcome.tried()).isFalse();
      assertThat(reason(outcome))
          .isEqualTo(Reason.of("4.4.5", "1 of 1 connections with mx:mx1.far.example in use"));
      assertThat(server.connections()).isZero();
      // now it is known
      assertThat(destinations.enter("far.example")).isEmpty();
      assertThat(destinations.line("Far.example")).isEqualTo("mx:mx1.far.example");
      deliver("other.far.example", Letters.to("a@other.far.example"));
      assertThat(other.received()).hasSize(1);
    }
    Gate.Place place = destinations.enter("far.example").orElseThrow();
    assertThat(destinations.enter("far.example")).isEmpty();
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);
    place.leave();
    assertThat(group.used()).isZero();
    assertThat(group.hasRoom()).isTrue();
  }

  @Test
  void anotherServerOfTheSamePreferenceIsCalledButNotAWorseOne() throws Exception {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\n@ MX 20 mx2\nmx2 A 127.0.0.2");
    shape("mx:mx1.far.example connections=1");
    try (ServerGroup.Place _ = groups.all().getFirst().enter(false).orElseThrow();
        var second = sibling()) {
      assertThat(deliver("far.example", Letters.to("a@far.example")).tried()).isFalse();
      assertThat(second.connections()).isZero();
      zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\n@ MX 10 mx2\nmx2 A 127.0.0.2");
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(second.received()).hasSize(1);
      // there is a server that has room
      assertThat(destinations.enter("far.example")).isPresent();
    }
  }

  /// A connection that is kept for a next message counts at the server too.
  @Test
  void idleConnectionsMakeRoomForOthersWithTheSameServers() throws Exception {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx2\nmx2 A 127.0.0.2");
    shape("mx:*.far.example connections=1");
    groups.watch(
        (group, most) ->
            connections.trim(peer -> destinations.group(peer.host()).isPresent(), most));
    try (var second = sibling()) {
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(server.open()).isEqualTo(1);
      deliver("other.far.example", Letters.to("a@other.far.example"));
      assertThat(second.received()).hasSize(1);
      await().until(() -> server.open() == 0);
    }
  }

  /// At an hour a message, the next is not begun; nothing sleeps.
  @Test
  void aRateKeepsTheNextMessageInItsQueue() throws Exception {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1\nother MX 10 mx1\nown MX 10 mx2\nmx2 A 127.0.0.1");
    shape("mx:mx1.far.example rate=1/h\nown.far.example rate=1/h");
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(deliver("other.far.example", Letters.to("a@other.far.example")).tried()).isFalse();
    assertThat(destinations.enter("far.example")).isEmpty();
    assertThat(destinations.enter("other.far.example")).isEmpty();
    Gate.Place first = destinations.enter("own.far.example").orElseThrow();
    assertThat(destinations.enter("own.far.example")).isEmpty();
    deliver("own.far.example", Letters.to("a@own.far.example"));
    first.leave();
    assertThat(destinations.enter("own.far.example")).isEmpty();
    assertThat(server.received()).hasSize(2);
    assertThat(
            destinations.states("smtp").stream()
                .flatMap(it -> it.restraints().stream())
                .map(Restraint::toString))
        .containsExactly("rate 1/h");
  }

  private void shape(String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("shaping"), rules);
    destinations =
        new Destinations(
            new Limits(
                2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
            new Load(100, 1000, LONG),
            Shaping.open(new ShapingSettings(List.of(file), 100), groups),
            ReplyRules.NONE,
            clock);
  }
}
