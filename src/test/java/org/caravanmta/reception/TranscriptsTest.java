package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Plays every `transcripts/*.smtp`, each over a connection of its own.
///
/// | line | what |
/// |---|---|
/// | `# …` | why |
/// | `@ key: value` | a setting, or a fact of the test's server |
/// | `C: …` | the client's line; lines without a reply between them leave in one packet |
/// | `C~ …` | bytes, with `\r`, `\n`, `\0` and, below 128, `\x1f` |
/// | `S: …` | the server's line; `…` is any text |
/// | `S+ …` | a reply of the server's of any number of lines; its last |
/// | `S.` | the server closes the connection |
class TranscriptsTest {
  private static final Pattern HEX = Pattern.compile("\\\\x([0-7][0-9a-f])");

  @TempDir static Path directory;

  /// One for each set of settings: what a transcript leaves behind is not another's business.
  private static final Map<Map<String, String>, Server> SERVERS = new HashMap<>();

  @AfterAll
  static void close() {
    SERVERS.values().forEach(Server::close);
  }

  @TestFactory
  Stream<DynamicTest> transcripts() throws IOException {
    return all().stream()
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.getFileName().toString(), f.toUri(), () -> play(f, directory, SERVERS)));
  }

  static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/transcripts"))) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".smtp")).sorted().toList();
      assertThat(all).isNotEmpty();
      return all;
    }
  }

  /// @param servers those there are by now, for each set of settings
  static void play(Path file, Path directory, Map<Map<String, String>, Server> servers)
      throws IOException {
    List<String> lines = Files.readAllLines(file);
    var settings = new HashMap<String, String>();
    for (String line : lines) {
      if (line.startsWith("@ ")) {
        settings.put(
            line.substring(2, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
      }
    }
    if (settings.keySet().stream().anyMatch(key -> key.endsWith("-rate"))) {
      // what a client has had is counted over sessions
      settings.put("transcript", file.getFileName().toString());
    }
    Server server =
        servers.computeIfAbsent(
            settings,
            changes -> new Server(directory.resolve(file.getFileName().toString()), changes));
    try (var peer = server.connect()) {
      var sent = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.startsWith("C:")) {
          sent.append(line.length() > 3 ? line.substring(3) : "").append("\r\n");
        } else if (line.startsWith("C~ ")) {
          sent.append(
              HEX.matcher(
                      line.substring(3)
                          .replace("\\r", "\r")
                          .replace("\\n", "\n")
                          .replace("\\0", "\0"))
                  .replaceAll(hex -> String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
        } else if (line.startsWith("S")) {
          if (!sent.isEmpty()) {
            peer.send(sent.toString());
            sent.setLength(0);
          }
          String expected = line.equals("S.") ? "(closed)" : line.substring(3);
          String answer = line.startsWith("S+") ? peer.reply() : peer.line();
          assertThat(answer).as("%s:%d", file.getFileName(), i + 1).matches(pattern(expected));
        } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith("@ ")) {
          throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + line);
        }
      }
      assertThat(sent).as("what is sent is answered").isEmpty();
    }
  }

  private static Pattern pattern(String expected) {
    return Pattern.compile(
        Stream.of(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
