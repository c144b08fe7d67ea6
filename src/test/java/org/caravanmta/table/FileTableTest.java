package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An operator edits a table while mail flows.
class FileTableTest {
  private static final Duration LOOK = Duration.ofMillis(1100);

  @TempDir Path directory;
  private final HandClock clock = new HandClock();
  private Path file;
  private Table table;

  @BeforeEach
  void open() throws IOException {
    file = directory.resolve("virtual");
    write("ann a@home.example\n");
    table = Tables.open("texthash:" + file, clock, Values.ANY);
  }

  @Test
  void aChangeIsSeenWithoutARestart() throws IOException {
    clock.turn(LOOK);
    write("ann b@home.example\n");
    assertThat(table.find("ann")).isEqualTo(new Lookup.Found("a@home.example"));

    clock.turn(LOOK);
    assertThat(table.find("ann")).isEqualTo(new Lookup.Found("b@home.example"));
  }

  @Test
  void anOlderFileMovedIntoItsPlaceIsSeenAtOnce() throws IOException {
    Path other = directory.resolve("other");
    Files.writeString(other, "ann c@home.example\n");
    Files.setLastModifiedTime(other, FileTime.from(clock.instant().minus(Duration.ofDays(1))));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    clock.turn(LOOK);
    assertThat(table.find("ann")).isEqualTo(new Lookup.Found("c@home.example"));
  }

  @Test
  void aFileThatIsBeingWrittenIsNotReadUntilItStandsStill() throws IOException {
    clock.turn(LOOK);
    write("ann b@ho");
    table.find("ann");
    clock.turn(LOOK);
    write("ann b@home.example\nbob b@home.example\n");

    assertThat(table.find("ann")).isEqualTo(new Lookup.Found("a@home.example"));
    clock.turn(LOOK);
    assertThat(table.find("bob")).isEqualTo(new Lookup.Found("b@home.example"));
  }

  @Test
  void aBrokenVersionLeavesTheOldOneInForceAndSaysSoOnce() throws IOException {
    table = Tables.open("texthash:" + file, clock, _ -> {});
    try (var log = new LogLines(FileTable.class.getName())) {
      write("ann\n");
      for (int i = 0; i < 4; i++) {
        clock.turn(LOOK);
        assertThat(table.find("ann")).isEqualTo(new Lookup.Found("a@home.example"));
      }
      assertThat(log.lines())
          .containsExactly(
              "WARN texthash:"
                  + file
                  + ", line 1: expected \"key value\", found \"ann\"; the previous version stays"
                  + " in force");

      write("ann d@home.example\n");
      clock.turn(LOOK);
      table.find("ann");
      clock.turn(LOOK);
      assertThat(table.find("ann")).isEqualTo(new Lookup.Found("d@home.example"));
    }
  }

  @Test
  void aLineThatCannotBeMeantIsPassedOverInAChangedFileToo() throws IOException {
    try (var log = new LogLines(Remarks.class.getName())) {
      write("ann\nbob b@home.example\n");
      clock.turn(LOOK);
      table.find("bob");
      clock.turn(LOOK);
      assertThat(table.find("bob")).isEqualTo(new Lookup.Found("b@home.example"));
      assertThat(table.find("ann")).isEqualTo(new Lookup.Absent());
      assertThat(log.lines())
          .containsExactly(
              "WARN texthash:" + file + ", line 1: expected \"key value\", found \"ann\"");
    }
  }

  @Test
  void aFileThatHasGoneLeavesTheOldVersionInForceUntilItIsBack() throws IOException {
    try (var log = new LogLines(FileTable.class.getName())) {
      Files.delete(file);
      for (int i = 0; i < 3; i++) {
        clock.turn(LOOK);
        assertThat(table.find("ann")).isEqualTo(new Lookup.Found("a@home.example"));
      }
      assertThat(log.lines())
          .containsExactly(
              "WARN texthash:" + file + ": the file has gone; the previous version stays in force");
    }
    write("ann e@home.example\n");
    clock.turn(LOOK);
    table.find("ann");
    clock.turn(LOOK);
    assertThat(table.find("ann")).isEqualTo(new Lookup.Found("e@home.example"));
  }

  /// Each version is newer than the hand clock by far, as if it had just been written.
  private void write(String source) throws IOException {
    Files.writeString(file, source);
    Files.setLastModifiedTime(
        file, FileTime.from(clock.instant().plus(Duration.ofMillis(source.length()))));
  }
}
