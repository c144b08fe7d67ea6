package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.message.Headers;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Postfix's own `postmap -hbmq`, which shows a message to a table as cleanup(8) would, and we take
/// the same messages apart into the same units.
class PostmapTest {
  private static final Path POSTMAP = Path.of("/usr/sbin/postmap");
  private static final Path MESSAGES = Path.of("src/test/resources/messages");

  @TempDir Path directory;

  static Stream<Path> messages() throws IOException {
    try (var files = Files.list(MESSAGES)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void fieldsOfAllHeaderSectionsAreTheSame(Path message) throws Exception {
    assertThat(units(message).stream().filter(unit -> unit.kind().header()))
        .extracting(Unit::text)
        .isEqualTo(postmap("-hmq", message));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void linesOfAllBodiesAreTheSame(Path message) throws Exception {
    assertThat(units(message).stream().filter(unit -> !unit.kind().header()))
        .extracting(Unit::text)
        .isEqualTo(postmap("-bmq", message));
  }

  /// Every unit, the message's own header section first.
  static List<Unit> units(Path message) throws IOException {
    String source = Files.readString(message, StandardCharsets.ISO_8859_1);
    byte[] bytes = source.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    int end = Headers.end(bytes, 0, bytes.length).orElse(bytes.length);
    var units = new ArrayList<Unit>();
    var anatomy = new Anatomy();
    for (Headers.Field field : Headers.parse(Arrays.copyOf(bytes, end)).fields()) {
      Unit unit = Round.shown(anatomy.kind(field.name()), field);
      anatomy.field(field.name(), unit.text());
      units.add(unit);
    }
    anatomy.endOfHead();
    int body = Math.min(bytes.length, bytes.length > end && bytes[end] == '\r' ? end + 2 : end);
    var rest =
        new Units(
            new Lines(Arrays.copyOfRange(bytes, body, bytes.length)),
            anatomy,
            _ -> true,
            0);
    while (rest.next()) {
      // postmap shows a long line whole
      Unit unit = rest.unit();
      units.add(
          rest.startsLine()
              ? unit
              : new Unit(unit.kind(), units.removeLast().text() + unit.text(), unit.charset()));
    }
    return units;
  }

  private List<String> postmap(String options, Path message) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(POSTMAP), "postmap is missing: apt-get install postfix");
    Path table = Files.writeString(directory.resolve("all"), "/./ =found\n");
    Path lines = directory.resolve("lines");
    Files.writeString(
        lines,
        Files.readString(message, StandardCharsets.ISO_8859_1).replace("\r\n", "\n"),
        StandardCharsets.ISO_8859_1);
    Process process =
        new ProcessBuilder(POSTMAP.toString(), "-c", config(), options, "-", "regexp:" + table)
            .redirectInput(lines.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).isZero();
    return out.isEmpty() ? List.of() : List.of(out.split("\t=found\n"));
  }

  /// An empty configuration: this machine's is not our business.
  private String config() {
    try {
      Files.writeString(directory.resolve("main.cf"), "compatibility_level=3.6\nmyhostname=mx.example\nmydomain=example\n");
      return directory.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
