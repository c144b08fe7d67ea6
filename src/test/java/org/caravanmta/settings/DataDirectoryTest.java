package org.caravanmta.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an older program, an operator and a careless umask have left below `data.directory`.
class DataDirectoryTest {
  @TempDir Path directory;
  private Path data;

  @BeforeEach
  void anOpenOne() throws Exception {
    data = directory.resolve("var");
    put("broker/journal/activemq-data-1.amq", 0666);
    put("content/0a/4G1s2zT8kLz0Bc7d", 0644);
    put("state/state.mv.db", 0664);
    put("users", 0604);
    put("filter.sh", 0777);
    for (String each : List.of("", "broker", "broker/journal", "content", "content/0a", "state")) {
      mode(data.resolve(each), 0777);
    }
  }

  @Test
  void isClosed() throws Exception {
    claim();
    assertThat(all())
        .containsExactlyInAnyOrder(
            " 0700",
            "broker 0700",
            "broker/journal 0700",
            "broker/journal/activemq-data-1.amq 0600",
            "content 0700",
            "content/0a 0700",
            "content/0a/4G1s2zT8kLz0Bc7d 0600",
            "filter.sh 0755",
            "state 0700",
            "state/state.mv.db 0600",
            "users 0600");
  }

  @Test
  void isMadeClosed() throws Exception {
    data = directory.resolve("srv/caravan/var");
    claim();
    assertThat(mode(data)).isEqualTo("0700");
  }

  @Test
  void aMaildropForAGroupStaysWithinReach() throws Exception {
    put("maildrop/4G1s", 0640);
    put("maildrop/corrupt/4G1t", 0640);
    mode(data.resolve("maildrop"), 03730);
    claim();
    assertThat(all())
        .contains(" 0711", "maildrop 3730", "maildrop/4G1s 0640", "broker 0700")
        .doesNotContain("users 0604");

    // where nobody else may post, nobody has to pass
    mode(data.resolve("maildrop"), 0700);
    claim();
    assertThat(mode(data)).isEqualTo("0700");
  }

  @Test
  void whatTheGroupMayDoWithMailboxesIsTheOperatorsMatter() throws Exception {
    put("mail/caravan.test/alice/Maildir/new/1", 0644);
    for (String each : List.of("mail", "mail/caravan.test", "mail/caravan.test/alice")) {
      mode(data.resolve(each), 0755);
    }
    mode(data.resolve("mail/caravan.test/alice/Maildir"), 02750);
    mode(data.resolve("mail/caravan.test/alice/Maildir/new"), 0770);
    claim();
    assertThat(all())
        .contains(
            " 0711",
            "mail/caravan.test/alice/Maildir 2751",
            "mail/caravan.test/alice/Maildir/new 0770",
            "mail/caravan.test/alice/Maildir/new/1 0640");
  }

  @Test
  void mailboxesOfOtherUsersAreLeftToThem() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root has others' files");
    put("mail/caravan.test/bob/1", 0600);
    mode(data.resolve("mail"), 0755);
    mode(data.resolve("mail/caravan.test"), 0755);
    mode(data.resolve("mail/caravan.test/bob"), 0750);
    Files.setAttribute(data.resolve("mail/caravan.test/bob"), "unix:uid", 1);
    claim();
    assertThat(all())
        .contains(" 0711", "mail 0751", "mail/caravan.test 0751", "mail/caravan.test/bob 0750");
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
    mode(elsewhere, 0644);
    Files.createSymbolicLink(data.resolve("link"), elsewhere);
    claim();
    assertThat(mode(elsewhere)).isEqualTo("0644");

    // but a link may stand for the whole
    Path link = Files.createSymbolicLink(directory.resolve("queues"), data);
    mode(data.resolve("users"), 0644);
    Path before = data;
    data = link;
    claim();
    assertThat(mode(before.resolve("users"))).isEqualTo("0600");
  }

  private void claim() throws Exception {
    DataDirectory.of(SettingsFile.read(Optional.empty(), List.of(), Optional.of(data))).claim();
  }

  private void put(String name, int mode) throws Exception {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    mode(Files.writeString(file, "x"), mode);
  }

  private static void mode(Path file, int mode) throws Exception {
    Files.setAttribute(file, "unix:mode", mode);
  }

  private static String mode(Path file) throws Exception {
    return String.format("%04o", (Integer) Files.getAttribute(file, "unix:mode") & 07777);
  }

  private List<String> all() throws Exception {
    var all = new java.util.ArrayList<String>();
    try (var files = Files.walk(data)) {
      for (Path file : files.toList()) {
        all.add(data.relativize(file) + " " + mode(file));
      }
    }
    return all;
  }
}
