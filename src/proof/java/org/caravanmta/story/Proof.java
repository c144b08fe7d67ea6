package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a proof is on the command line: options with values, a directory of its own that is removed
/// in the end, an account on standard output, and exit status 1 when it does not balance.
final class Proof {
  /// Runs in a directory; whether all has balanced.
  interface Run {
    boolean in(Path directory) throws Exception;
  }

  private Proof() {}

  /// The options, with the defaults for those that are not named.
  static Map<String, Long> options(String[] words, Map<String, Long> defaults) {
    var options = new HashMap<>(defaults);
    for (int i = 0; i < words.length; i += 2) {
      String name = words[i].replaceFirst("^--", "");
      if (!defaults.containsKey(name) || i + 1 == words.length) {
        System.err.println("options are " + new java.util.TreeMap<>(defaults));
        System.exit(2);
      }
      options.put(name, Long.valueOf(words[i + 1]));
    }
    return options;
  }

  static void end(Run run) throws Exception {
    Path directory = Files.createTempDirectory("proof");
    boolean balances = false;
    try {
      balances = run.in(directory);
    } catch (Exception e) {
      // the servers that are still running may write there
      e.printStackTrace();
      System.out.println("what there was is in " + directory);
      System.exit(1);
    }
    remove(directory);
    System.out.println(balances ? "it balances" : "IT DOES NOT BALANCE");
    System.exit(balances ? 0 : 1);
  }

  private static void remove(Path directory) throws IOException {
    List<Path> files;
    try (var found = Files.walk(directory)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
