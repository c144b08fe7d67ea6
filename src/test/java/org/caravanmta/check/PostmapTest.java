package org.caravanmta.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.message.Headers;
import org.caravanmta.mime.MimeStructure;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Postfix's own `postmap -hbmq`, which shows a message to a table as cleanup(8) would, and we take
/// the same messages apart into the same units.
class PostmapTest {
  private static final Path POSTMAP = Path.of("/usr/sbin/postmap");

  @TempDir Path directory;

  @Test
  void messagesComeApartIntoTheSameUnits() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(POSTMAP), "postmap is missing: apt-get install postfix");
    Path table = PrivatePostfix.write(directory.resolve("all"), "/./ =found\n");
    // an empty configuration: this machine's is not our business
    PrivatePostfix.write(
        directory.resolve("main.cf"),
        "compatibility_level=3.6\nmyhostname=mx.example\nmydomain=example\n");
    List<Path> messages;
    try (var files = Files.list(Path.of("src/test/resources/messages"))) {
      messages = files.sorted().toList();
    }
    var running = new ArrayList<Process>();
    for (Path message : messages) {
      running.add(postmap(table, message));
    }

    for (int i = 0; i < messages.size(); i++) {
      var out = new String(running.get(i).getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(running.get(i).waitFor()).isZero();
      assertThat(units(messages.get(i)))
          .as("%s", messages.get(i))
          .extracting(Unit::text)
          .containsExactly(out.split("\t=found\n"));
    }
  }

  /// Every unit, the message's own header section first.
  static List<Unit> units(Path message) throws IOException {
    String source = Files.readString(message, ISO_8859_1);
    byte[] bytes = source.replaceAll("\r?\n", "\r\n").getBytes(ISO_8859_1);
    int end = Headers.end(bytes, 0, bytes.length).orElse(bytes.length);
    var units = new ArrayList<Unit>();
    var anatomy = new MimeStructure();
    for (Headers.Field field : Headers.parse(Arrays.copyOf(bytes, end)).fields()) {
      Unit unit = RuleScan.shown(Unit.Kind.of(field.name(), anatomy), field, Bounds.USUAL.field());
      anatomy.field(field.name(), unit.octets());
      units.add(unit);
    }
    anatomy.endOfHead();
    int body = Math.min(bytes.length, bytes.length > end && bytes[end] == '\r' ? end + 2 : end);
    var rest =
        new Units(
            new BodyLines(Arrays.copyOfRange(bytes, body, bytes.length)),
            anatomy,
            _ -> true,
            Bounds.USUAL);
    while (rest.next()) {
      // postmap shows a long line whole
      Unit unit = rest.unit();
      units.add(
          rest.startsLine()
              ? unit
              : new Unit(unit.kind(), units.removeLast().text() + unit.text()));
    }
    return units;
  }

  private Process postmap(Path table, Path message) throws IOException {
    Path lines = directory.resolve(message.getFileName());
    Files.writeString(
        lines, Files.readString(message, ISO_8859_1).replace("\r\n", "\n"), ISO_8859_1);
    return new ProcessBuilder(
            POSTMAP.toString(), "-c", directory.toString(), "-hbmq", "-", "regexp:" + table)
        .redirectInput(lines.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
