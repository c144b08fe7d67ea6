package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What all nodes of a cluster should have in common.
class CommonSettingsTest {
  @TempDir Path directory;
  private Path routes;
  private Path table;

  @BeforeEach
  void files() throws Exception {
    routes = Files.createDirectory(directory.resolve("routes"));
    Files.writeString(routes.resolve("submission.xml"), "<routes/>");
    table = Files.writeString(directory.resolve("transport"), "example.org smtp:[192.0.2.1]\n");
  }

  private static Settings settings(String... set) throws Exception {
    return SettingsFile.read(Optional.empty(), List.of(set), Optional.empty());
  }

  private String digest(String... set) throws Exception {
    return CommonSettings.digest(settings(set), routes, List.of(table));
  }

  @Test
  void whatSaysWhichNodeItIsMayDiffer() throws Exception {
    assertThat(digest("hostname=n1.example.org", "data.directory=/var/lib/one"))
        .isEqualTo(digest("hostname=n2.example.org", "data.directory=/var/lib/two"))
        .matches("[0-9a-f]{8}");
  }

  @Test
  void aSettingARouteAndATableMayNot() throws Exception {
    String before = digest();
    assertThat(digest("limits.message-rate=78")).isNotEqualTo(before);
    Files.writeString(table, "example.org smtp:[192.0.2.2]\n");
    String other = digest();
    assertThat(other).isNotEqualTo(before);
    Files.writeString(routes.resolve("submission.xml"), "<routes></routes>");
    assertThat(digest()).isNotEqualTo(before).isNotEqualTo(other);
  }

  @Test
  void eachHasADigestOfItsOwn() throws Exception {
    var before = CommonSettings.digests(settings(), routes, List.of(table));
    assertThat(before)
        .containsKeys("limits.message-rate", "submission.xml", "transport")
        .doesNotContainKeys("hostname", "data.directory", "cluster.node");
    Files.writeString(table, "example.org smtp:[192.0.2.2]\n");
    var after = CommonSettings.digests(settings("limits.message-rate=78"), routes, List.of(table));
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.keySet())
        .filteredOn(part -> !after.get(part).equals(before.get(part)))
        .containsExactly("limits.message-rate", "transport");
  }

  @Test
  void twoFilesOfTheSameNameAreBothLookedAt() throws Exception {
    Path other =
        Files.writeString(
            Files.createDirectory(directory.resolve("other")).resolve("transport"), "one\n");
    var before = CommonSettings.digests(settings(), routes, List.of(table, other));
    Files.writeString(other, "two\n");
    var after = CommonSettings.digests(settings(), routes, List.of(table, other));
    assertThat(after.get("transport")).isNotEqualTo(before.get("transport"));
  }
}
