package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the resolvers of {@link SignedZones} say of each kind of zone, as a stranger's client hears
/// it (`drill`).
class SignedZonesTest {
  @Test
  void eachResolverSaysOfTheZonesWhatItIsThereFor(@TempDir Path directory) throws Exception {
    try (var zones =
        SignedZones.in(directory)
            .signed(
                "good.example",
                "mx A 127.0.0.1\n_25._tcp.mx TLSA 3 1 1 00ff\n_25._tcp.bad TLSA 3 1 1 00ff",
                "_25._tcp.bad")
            .unsigned("plain.example", "mx A 127.0.0.1")
            .bogus("forged.example", "mx A 127.0.0.1")
            .start()) {
      String validating = zones.validating();
      assertThat(drill(validating, "mx.good.example", "A")).contains("NOERROR").contains(" ad ");
      assertThat(drill(validating, "_25._tcp.mx.good.example", "TLSA")).contains(" ad ");
      assertThat(drill(validating, "no.good.example", "A")).contains("NXDOMAIN").contains(" ad ");
      assertThat(drill(validating, "_25._tcp.bad.good.example", "TLSA")).contains("SERVFAIL");
      assertThat(drill(validating, "mx.forged.example", "A")).contains("SERVFAIL");
      assertThat(drill(validating, "mx.plain.example", "A"))
          .contains("NOERROR")
          .doesNotContain(" ad ");
      String trusting = zones.trusting();
      assertThat(drill(trusting, "mx.good.example", "A")).contains("RRSIG").doesNotContain(" ad ");
      assertThat(drill(trusting, "mx.forged.example", "A")).contains("NOERROR");
      assertThat(drill(zones.stripping(trusting), "mx.good.example", "A"))
          .contains("NOERROR")
          .doesNotContain("RRSIG")
          .doesNotContain(" ad ");
      assertThat(drill(zones.forwarding(validating), "mx.good.example", "A"))
          .contains("RRSIG")
          .doesNotContain(" ad ");
    }
  }

  private static String drill(String server, String name, String type) throws Exception {
    int colon = server.indexOf(':');
    return Program.run(
        -1,
        Program.installed("drill", "ldnsutils"),
        "-D",
        "-p",
        server.substring(colon + 1),
        "@" + server.substring(0, colon),
        name,
        type);
  }
}
