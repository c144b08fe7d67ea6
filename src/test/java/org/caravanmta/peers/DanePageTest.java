package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.dns.Dnssec;
import org.caravanmta.dns.NameServer;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.tls.client.SecurityLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the manual page about DANE.
class DanePageTest {
  @Test
  void unboundTakesTheExample(@TempDir Path directory) throws Exception {
    Path settings = directory.resolve("unbound.conf");
    // the key of the root is where Debian puts it, and not on every machine
    Files.writeString(settings, block("```\nserver:").replaceAll("(?m)^.*trust-anchor.*$", ""));
    assertThat(Program.run(Program.installed("unbound-checkconf", "unbound"), settings.toString()))
        .contains("no errors");
  }

  @Test
  void caravanTakesTheExample(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("caravan.yaml");
    Files.writeString(file, block("```yaml\ndns:"));
    var read = SettingsFile.read(Optional.of(file), List.of(), Optional.of(directory));
    assertThat(read.dns().servers()).containsExactly(NameServer.parse("127.0.0.1"));
    assertThat(read.dns().dnssec().dnssec()).isEqualTo(Dnssec.RESOLVER);
    assertThat(read.delivery().tls().level()).isEqualTo(SecurityLevel.DANE);
  }

  private static String block(String begin) throws Exception {
    String page = Files.readString(Path.of("src/site/markdown/dane.md"));
    int from = page.indexOf(begin) + begin.indexOf('\n') + 1;
    return page.substring(from, page.indexOf("```", from));
  }
}
