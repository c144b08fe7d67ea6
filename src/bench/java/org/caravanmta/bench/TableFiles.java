package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The tables that every server looks into, the same bytes for all: ten small files in Postfix's
/// formats, most of which say nothing about the mail of the benchmark, as in life.
record TableFiles(Path directory) {
  static final String[] NAMES = {
    "virtual",
    "canonical",
    "sender_canonical",
    "recipient_canonical",
    "generic",
    "transport",
    "relocated",
    "sender_bcc",
    "relay_recipients"
  };

  static TableFiles write(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : NAMES) {
      var text = new StringBuilder();
      for (int i = 0; i < Load.PEOPLE; i++) {
        text.append(line(name, i));
      }
      Files.writeString(directory.resolve(name), text);
    }
    Files.writeString(
        directory.resolve("header_checks"),
        """
        /^Subject: .*make money fast/ REJECT
        /^X-Mailer: bulk/ REJECT
        /^Content-Type: .*name="[^"]*\\.(exe|scr|pif)"/ REJECT
        /^List-Unsubscribe: <http:/ WARN
        /^X-Spam-Flag: YES/ HOLD
        """);
    return new TableFiles(directory);
  }

  private static String line(String name, int number) {
    return switch (name) {
      case "relay_recipients" -> Load.recipient(number) + " x\n";
      case "transport" -> "far" + number + ".example smtp:[mx.far" + number + ".example]\n";
      case "relocated" -> "gone" + number + "@bench.test new@far.example\n";
      default -> "person" + number + "@bench.test other" + number + "@bench.test\n";
    };
  }

  String named(String type, String name) {
    return type + ":" + directory.resolve(name);
  }
}
