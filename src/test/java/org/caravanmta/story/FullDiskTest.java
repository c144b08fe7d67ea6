package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small disk that runs full: first no more mail is taken, with 452; when even the journal cannot
/// be written, Caravan ends with a status that says so. Nothing that was answered 250 is lost.
/// `src/proof/disk-full` is the long version.
class FullDiskTest {
  @TempDir Path directory;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws Exception {
    var mounted = SmallDisk.mount(directory.resolve("disk"));
    if (mounted.isEmpty()) {
      System.out.println("SKIPPED: a small disk can only be mounted by root");
      Assumptions.abort("a small disk can only be mounted by root");
    }
    disk = mounted.get();
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void mailIsRefusedWith452UntilThereIsRoomAgain() throws Exception {
    var result = FullDiskProof.full(disk, 1);

    assertThat(result.refused())
        .isNotEmpty()
        .allMatch(reply -> reply.equals("452 4.3.1 Insufficient system storage"));
    assertThat(result.account().lost()).as("answered 250 and not delivered").isEmpty();
  }

  @Test
  void aJournalThatCannotBeWrittenEndsTheProcessAndLosesNothing() throws Exception {
    var result = FullDiskProof.ended(disk);

    assertThat(result.account().lost()).as("answered 250 and not delivered").isEmpty();
  }
}
