package org.caravanmta.delivery.reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Rules for replies, where a test has some to say.
public final class RuleFiles {
  private RuleFiles() {}

  /// @param directory where their file, `replies`, is put
  /// @param lines of the file
  public static ReplyRules rules(Path directory, List<String> pools, String... lines) {
    try {
      Path file = Files.write(directory.resolve("replies"), List.of(lines));
      return ReplyRules.open(new ReplySettings(List.of(file)), pools);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
