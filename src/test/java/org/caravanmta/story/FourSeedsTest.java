package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.caravanmta.Ports;
import org.caravanmta.peers.PrivateClamd;
import org.caravanmta.peers.PrivateRspamd;
import org.caravanmta.peers.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of the manual's page about content filters that send a virus, an attachment that is
/// not taken, a message that is too large and spam print what the page says.
class FourSeedsTest {
  private static final Path PAGE = Path.of("src/site/markdown/filters.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (.*)\n(< .*)$");

  @TempDir Path directory;

  @Test
  void eachCommandPrintsWhatThePageSays() throws Exception {
    Program.installed("curl", "curl");
    String page = Files.readString(PAGE);
    String section = page.substring(page.indexOf("## The four seeds"), page.indexOf("## rspamd"));
    Path settings =
        Files.writeString(
            directory.resolve("my.yaml"), section.replaceAll("(?s).*```yaml\n(.*?)```.*", "$1"));
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.copy("filters/before-queue.camel.yaml", routes);
    Path example = routes.resolve("before-queue.camel.yaml");
    Edits.replace(example, "        - bean: { ref: \"milter inet:127.0.0.1:8891\" }\n", "");
    int port = Ports.free();
    Edits.replace(example, "127.0.0.1:11333", "127.0.0.1:" + port);
    try (var clamd = PrivateClamd.start(directory.resolve("clamd"), Ports.free());
        var _ = PrivateRspamd.start(directory.resolve("rspamd"), port, Ports.free())) {
      Edits.replace(example, "/run/clamav/clamd.ctl", clamd.socket.toString());
      try (var caravan =
          Server.start(
              directory.resolve("var"),
              "--config",
              settings.toString(),
              "--routes",
              routes.toString())) {
        List<MatchResult> commands = COMMAND.matcher(section).results().toList();
        assertThat(commands).hasSize(4);
        for (MatchResult each : commands) {
          String command =
              each.group(1).replace("smtp://127.0.0.1:2525", "smtp://127.0.0.1:" + caravan.smtp);
          assertThat(Program.run("/bin/sh", "-c", command).strip())
              .isEqualTo(
                  each.group(2).replace("(Eicar-Test-Signature)", "(Eicar-Test.UNOFFICIAL)"));
        }
        assertThat(caravan.maildir("alice")).isEmpty();
      }
    }
  }
}
