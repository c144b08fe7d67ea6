package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.caravanmta.dns.NameServer;
import org.caravanmta.settings.SettingsFile;

class NotationTest {
  private final Notation notation = SettingsFile.notation();

  @Property(tries = 200)
  void aDurationIsReadBackAsItWasWritten(
      @ForAll @LongRange(min = 0, max = 900_000_000) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(notation.text(Duration.class).value(notation.write(Duration.class, duration)))
        .isEqualTo(duration);
  }

  @Property(tries = 200)
  void aSizeIsReadBackAsItWasWritten(@ForAll @LongRange(min = 0, max = 1L << 40) long bytes) {
    assertThat(Size.parse(new Size(bytes).toString())).isEqualTo(new Size(bytes));
  }

  @Property(tries = 300)
  void anyTextIsAValueOrRefusedInWords(@ForAll String text) {
    for (Class<?> type :
        new Class<?>[] {Duration.class, Size.class, Integer.class, NameServer.class}) {
      try {
        notation.text(type).value(text);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageEndingWith("was expected");
      }
    }
  }

  @Property(tries = 1)
  void aSizeBeyondEverythingIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Size.parse("999999999999999GiB"));
  }
}
