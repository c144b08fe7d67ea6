package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `rfc/index.txt` names every RFC that the code cites, and how far we keep to it.
class RfcIndexTest {
  private static final Pattern CITED = Pattern.compile("RFC(?: |\\s*\\n\\s*//+ )(\\d+)");
  private static final Pattern LINE = Pattern.compile("(\\d+) +(yes|partial|no) +\\S.*");

  @Test
  void theIndexAndTheCodeNameTheSameRfcs() throws IOException {
    var cited = new TreeSet<Integer>();
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        CITED
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> cited.add(Integer.parseInt(match.group(1))));
      }
    }

    assertThat(index().keySet()).isEqualTo(cited);
  }

  private static Map<Integer, String> index() throws IOException {
    var index = new TreeMap<Integer, String>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/rfc/index.txt"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var parts = LINE.matcher(line);
      assertThat(parts.matches()).as(line).isTrue();
      assertThat(index.put(Integer.parseInt(parts.group(1)), parts.group(2))).as(line).isNull();
    }
    return index;
  }
}
