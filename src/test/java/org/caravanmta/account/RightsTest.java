package org.caravanmta.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a thread may do that has taken another user's rights. The users daemon and bin are in every
/// system.
class RightsTest {
  @TempDir Path directory;

  private SystemUser daemon;
  private Path open;

  @BeforeEach
  void onlyAsRoot() throws IOException {
    boolean root = System.getProperty("user.name").equals("root");
    if (!root) {
      System.out.println("SKIPPED: only root can take another user's rights");
    }
    Assumptions.assumeTrue(root, "SKIPPED: only root can take another user's rights");
    daemon = SystemUser.named("daemon").orElseThrow();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void whatIsMadeIsTheUsers() throws IOException {
    Path file = open.resolve("file");
    Rights.of(daemon).with(() -> Files.writeString(file, "x"));
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(daemon.user());
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(daemon.group());
    assertThat(Files.getOwner(Files.createFile(open.resolve("ours")))).hasToString("root");
  }

  @Test
  void whatHeMayNotDoIsNotDone() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "x");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createSymbolicLink(open.resolve("link"), secret);
    Rights rights = Rights.of(daemon);
    for (Path path : List.of(secret, link, directory.resolve("new"))) {
      assertThatThrownBy(() -> rights.with(() -> Files.writeString(path, "y")))
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThatThrownBy(() -> rights.with(() -> Pinned.appending(link)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> rights.with(() -> Pinned.reading(open.resolve("none"))))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(secret).hasContent("x");
  }

  /// Nothing of root's is left but the way back: no group, no privilege.
  @Test
  void theKernelKnowsTheThreadAsTheUser() throws IOException {
    Path self = Path.of("/proc/thread-self/status");
    List<String> before = Files.readAllLines(self);
    List<String> status = Rights.of(daemon).with(() -> Files.readAllLines(self));
    assertThat(status)
        .contains(
            "Uid:\t0\t" + daemon.user() + "\t0\t" + daemon.user(),
            "Groups:\t" + daemon.group() + " ",
            "CapEff:\t0000000000000000");
    assertThat(Rights.OURS.with(() -> Files.readAllLines(self)))
        .containsAll(
            before.stream().filter(line -> line.matches("(Uid|Gid|Groups|CapEff).*")).toList());
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = open.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.setPosixFilePermissions(pipe, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThatThrownBy(() -> Rights.of(daemon).with(() -> Pinned.appending(pipe)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody reads from it");
    try (Pinned reading = Rights.of(daemon).with(() -> Pinned.reading(pipe))) {
      assertThat(Files.isRegularFile(reading.path())).isFalse();
    }
  }

  /// Many at a time, of several users, between others who are nobody but themselves.
  @Test
  void nobodyIsSomebodyElseByTheWay() throws Exception {
    SystemUser bin = SystemUser.named("bin").orElseThrow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 60; i++) {
        Path file = open.resolve("file" + i);
        Rights rights = i % 3 == 0 ? Rights.OURS : Rights.of(i % 3 == 1 ? daemon : bin);
        int user = i % 3 == 0 ? 0 : rights.user().orElseThrow().user();
        all.add(
            threads.submit(
                () -> {
                  rights.with(() -> Files.createFile(file));
                  return assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(user);
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @Test
  void whatFailsSaysWhy() {
    assertThatThrownBy(
            () ->
                Rights.of(daemon)
                    .with(
                        () -> {
                          throw new IllegalStateException("ours");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ours");
  }
}
