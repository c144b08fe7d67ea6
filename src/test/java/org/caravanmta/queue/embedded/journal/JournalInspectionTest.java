package org.caravanmta.queue.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.letter;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.caravanmta.queue.Depot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class JournalInspectionTest {
  private static final String ID = "4G1s2zT8kLz0Bc7d";

  @TempDir Path directory;

  @Test
  void aWholeJournalIsNotSpokenOf() throws Exception {
    keep();

    assertThat(said()).isEmpty();
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one", ID, "three");
    }
  }

  @Test
  void aListOfQueuesThatIsDamagedIsReported() throws Exception {
    keep();
    try (var files = Files.list(directory.resolve("bindings"))) {
      Path file = files.sorted().findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      int at = find(bytes, "routing".getBytes(StandardCharsets.UTF_16LE));
      // the size of the record before its end, and more
      for (int i = at; i < at + 200; i++) {
        bytes[i] ^= 0x10;
      }
      assertThat(said("bindings")).isEmpty();
      Files.write(file, bytes);
    }

    assertThat(said("bindings"))
        .anyMatch(line -> line.startsWith("the journal is damaged: activemq-bindings"));
  }

  @Test
  void aRecordThatIsNoneIsReportedWithTheIdInIt() throws Exception {
    keep();
    // the number of the file, in the frame of the record around it
    damage(-200, 200);

    assertThat(said()).anyMatch(line -> line.startsWith("the journal is damaged: activemq-data"));
    assertThat(said()).contains(ID + ": may be lost, the journal is damaged");
    assertThat(directory.resolve("damaged")).isNotEmptyDirectory();
  }

  @Test
  void aLengthThatWouldEndTheBrokerIsFoundBeforeIt() throws Exception {
    keep();
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    int at = find(bytes, ID.getBytes(StandardCharsets.US_ASCII));
    byte[] key = "recipientDomain".getBytes(StandardCharsets.UTF_16LE);
    int property = find(bytes, key, at);
    bytes[property - 4] ^= (byte) 0x80;
    Files.write(file, bytes);

    assertThat(said()).contains(ID + ": may be lost, the journal is damaged");
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one", "three");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 13, 14})
  void aFileWhoseNumberIsDamagedIsReadAllTheSame(int at) throws Exception {
    keep();
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x40;
    Files.write(file, bytes);

    assertThat(said())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("the journal is damaged: " + file.getFileName() + " has the number ")
        .endsWith(", repaired");
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one", ID, "three");
    }
  }

  @Test
  void anEmptyFileWhoseNumberIsDamagedSpeaksForNoOther() throws Exception {
    keep();
    Path file = file();
    flip(file, 13);
    flip(other(file), 12);

    assertThat(said()).isNotEmpty();
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one", ID, "three");
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
  }

  @Test
  void aFileWithTheNumberOfAnotherIsReadAllTheSame() throws Exception {
    keep();
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    bytes[15] = number(other(file));
    Files.write(file, bytes);

    assertThat(said()).isNotEmpty();
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one", ID, "three");
    }
  }

  private Path other(Path file) throws IOException {
    try (var files = Files.list(directory.resolve("journal"))) {
      return files
          .filter(f -> f.toString().endsWith(".amq") && !f.equals(file))
          .findFirst()
          .orElseThrow();
    }
  }

  private static byte number(Path file) throws IOException {
    return Files.readAllBytes(file)[15];
  }

  private void keep() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("routing", letter("one"));
      depot.keep("routing", letter(ID));
      depot.keep("routing", letter("three"));
    }
  }

  /// Turns over a bit of each byte around the id.
  private void damage(int from, int to) throws IOException {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    int at = find(bytes, ID.getBytes(StandardCharsets.US_ASCII));
    for (int i = at + from; i < at + to; i++) {
      if (i < at - 4 || i >= at + ID.length()) {
        bytes[i] ^= 0x10;
      }
    }
    Files.write(file, bytes);
  }

  private Path file() throws IOException {
    try (var files = Files.list(directory.resolve("journal"))) {
      return files.filter(f -> contains(f)).findFirst().orElseThrow();
    }
  }

  private static boolean contains(Path file) {
    try {
      return find(Files.readAllBytes(file), ID.getBytes(StandardCharsets.US_ASCII)) >= 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> said() throws IOException {
    return said("journal");
  }

  private List<String> said(String journal) throws IOException {
    var logger = (Logger) LoggerFactory.getLogger(Inspection.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      Inspection.inspect(directory.resolve(journal));
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static int find(byte[] in, byte[] what) {
    return find(in, what, 0);
  }

  private static int find(byte[] in, byte[] what, int from) {
    for (int at = from; at <= in.length - what.length; at++) {
      if (java.util.Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }
}
