package org.caravanmta.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.Caravan;
import org.caravanmta.story.Edits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `caravan check` says of files that others could change or read.
class FileModesTest {
  @TempDir Path directory;
  private Path etc;
  private Path routes;
  private Path config;

  @BeforeEach
  void goodModes() throws Exception {
    etc = Files.createDirectory(directory.resolve("etc"));
    routes = Edits.copyOfRoutes(etc.resolve("routes"));
    for (String name : List.of("virtual", "clients", "users", "ca.pem")) {
      mode(Files.writeString(etc.resolve(name), "192.0.2.1 OK\n"), 0644);
    }
    Files.writeString(etc.resolve("users"), "ann:{PLAIN}secret\n");
    mode(etc.resolve("users"), 0640);
    Files.writeString(
        etc.resolve("people"),
        "url = jdbc:h2:mem:x\nquery = SELECT a FROM b WHERE c = '%s'\npassword = x\n");
    mode(etc.resolve("people"), 0600);
    Files.writeString(
        routes.resolve("restrictions.camel.yaml"),
        Files.readString(routes.resolve("restrictions.camel.yaml"))
            .replace(
                "- bean: { ref: permitMynetworks }",
                "- bean: { ref: \"checkClientAccess cidr:" + etc.resolve("clients") + "\" }"));
    config =
        Files.writeString(
            etc.resolve("caravan.yaml"),
            """
            rewriting:
              virtual-aliases: ["texthash:%1$s/virtual", "jdbc:%1$s/people"]
            sasl:
              passwords: %1$s/users
            state:
              password: 1ea5e
            """
                .formatted(etc));
    mode(config, 0640);
    try (var all = Files.walk(routes)) {
      for (Path each : all.toList()) {
        mode(each, Files.isDirectory(each) ? 0755 : 0644);
      }
    }
    mode(etc, 0755);
  }

  @Test
  void withGoodModesThereIsNothingToSay() throws Exception {
    assertThat(warnings()).isEmpty();
    // a group of the owner's own name, as many systems make one for each user
    mode(etc.resolve("virtual"), 0664);
    mode(etc, 0775);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void whatOthersCanChangeIsNamedWithItsMode() throws Exception {
    mode(etc.resolve("virtual"), 0666);
    mode(etc.resolve("clients"), 0646);
    mode(config, 0642);
    mode(routes, 0757);
    mode(routes.resolve("routing.camel.yaml"), 0666);
    assertThat(warnings())
        .contains(
            etc.resolve("virtual")
                + ": mode 0666, users other than its owner can change it: chmod go-w",
            etc.resolve("clients")
                + ": mode 0646, users other than its owner can change it: chmod go-w",
            config + ": mode 0642, users other than its owner can change it: chmod go-w",
            routes + ": mode 0757, users other than its owner can change it: chmod go-w",
            routes.resolve("routing.camel.yaml")
                + ": mode 0666, users other than its owner can change it: chmod go-w")
        .hasSize(5);
  }

  @Test
  void secretsThatOthersCanReadAreNamed() throws Exception {
    mode(etc.resolve("users"), 0644);
    mode(etc.resolve("people"), 0604);
    mode(config, 0644);
    assertThat(warnings())
        .containsExactlyInAnyOrder(
            etc.resolve("users") + ": mode 0644, others can read the secrets in it: chmod o-r",
            etc.resolve("people") + ": mode 0604, others can read the secrets in it: chmod o-r",
            config + ": mode 0644, others can read the secrets in it: chmod o-r");
  }

  @Test
  void thePasswordOfProgramsAtTheBrokerIsASecret() throws Exception {
    Files.writeString(
        config,
        """
        broker:
          stomp: { address: "127.0.0.1:61613", user: filters, password: secret }
        """);
    mode(config, 0644);
    assertThat(warnings())
        .containsExactly(config + ": mode 0644, others can read the secrets in it: chmod o-r");
  }

  @Test
  void aDirectoryInWhichOthersCanPutTheirFilesIsNamed() throws Exception {
    mode(etc, 0777);
    assertThat(warnings())
        .containsExactly(etc + ": mode 0777, others can replace the files in it:" + " chmod go-w");
    mode(etc, 01777);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aLinkIsAsOpenAsWhatItLeadsTo() throws Exception {
    Path real = Files.writeString(directory.resolve("real"), "a@example.net b@example.net\n");
    mode(real, 0666);
    Files.delete(etc.resolve("virtual"));
    Files.createSymbolicLink(etc.resolve("virtual"), real);
    assertThat(warnings())
        .containsExactly(
            etc.resolve("virtual")
                + ": mode 0666, users other than its owner can change it: chmod go-w");
  }

  private List<String> warnings() throws Exception {
    var settings =
        SettingsFile.read(Optional.of(config), List.of(), Optional.of(directory.resolve("data")));
    return Caravan.check(settings, Optional.of(config), routes);
  }

  private static void mode(Path file, int mode) throws Exception {
    Files.setAttribute(file, "unix:mode", mode);
  }
}
