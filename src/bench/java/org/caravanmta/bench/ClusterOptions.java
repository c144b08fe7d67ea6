package org.caravanmta.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the benchmark of clusters was asked for on its command line.
///
/// @param load what one node is given in a round; under a limit, half as many messages
/// @param nodes of the cluster, 2 or 3
/// @param percent of a processor to which each node is limited
/// @param warmUp messages through each node before it is measured
record ClusterOptions(
    Load load, int nodes, int percent, int rounds, int warmUp, Optional<Path> json) {
  static final String USAGE =
      """
      src/bench/cluster [--messages 6000] [--size 4k] [--sessions 50] [--nodes 3] [--limit 25]
                        [--rounds 5] [--warm-up 40000] [--short] [--json FILE]
      """;

  private static final int BRIEF_MESSAGES = 3000;
  private static final int BRIEF_ROUNDS = 3;
  private static final int BRIEF_WARM_UP = 12_000;

  ClusterOptions {
    if (nodes < 2 || nodes > 3) {
      throw new IllegalArgumentException("--nodes is 2 or 3");
    }
    if (percent < 10 || percent > 100) {
      throw new IllegalArgumentException("--limit is from 10 to 100 percent of a processor");
    }
    if (rounds < 1 || load.messages() < 2 * load.sessions()) {
      throw new IllegalArgumentException(
          "there must be at least one round, and at least two messages for each session");
    }
  }

  /// @throws IllegalArgumentException if they are not such options
  static ClusterOptions of(String[] words) {
    boolean brief = List.of(words).contains("--short");
    int messages = brief ? BRIEF_MESSAGES : 6000;
    int size = 4096;
    int sessions = 50;
    int nodes = 3;
    int percent = 25;
    int rounds = brief ? BRIEF_ROUNDS : 5;
    int warmUp = brief ? BRIEF_WARM_UP : 40_000;
    Optional<Path> json = Optional.empty();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.equals("--short")) {
        continue;
      }
      if (i + 1 == words.length) {
        throw new IllegalArgumentException(word + " is no option, or lacks its value");
      }
      String value = words[++i];
      switch (word) {
        case "--messages" -> messages = Options.number(word, value);
        case "--size" -> size = Options.size(word, value);
        case "--sessions" -> sessions = Options.number(word, value);
        case "--nodes" -> nodes = Options.number(word, value);
        case "--limit" -> percent = Options.number(word, value);
        case "--rounds" -> rounds = Options.number(word, value);
        case "--warm-up" -> warmUp = Options.number(word, value);
        case "--json" -> json = Optional.of(Path.of(value));
        default -> throw new IllegalArgumentException("there is no option " + word);
      }
    }
    return new ClusterOptions(
        new Load(messages, size, 1, sessions, false), nodes, percent, rounds, warmUp, json);
  }
}
