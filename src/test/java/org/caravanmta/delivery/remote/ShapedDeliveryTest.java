package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What rules for destinations and servers make of deliveries.
class ShapedDeliveryTest extends ServersInReach {
  @TempDir Path directory;

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

  private void shape(String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("shaping"), rules);
    destinations =
        new Destinations(
            new Limits(
                2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
            new Load(100, 1000, LONG),
            Shaping.open(new ShapingSettings(List.of(file), 100)),
            clock);
  }
}
