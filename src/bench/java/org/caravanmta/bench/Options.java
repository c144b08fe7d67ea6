package org.caravanmta.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the benchmark was asked for on its command line.
record Options(
    Load load,
    int rounds,
    int warmUp,
    boolean matrix,
    boolean smtpSource,
    boolean equal,
    List<String> servers,
    Optional<Path> json,
    Optional<Path> chart) {

  private static final int[] SIZES = {1 << 10, 4 << 10, 100 << 10, 5 << 20};
  private static final int[] RECIPIENTS = {1, 10, 50};
  private static final int[] SESSIONS = {1, 50, 500};

  static final String USAGE =
      """
      src/bench/relay [--messages 10000] [--size 4096] [--recipients 1] [--sessions 50] [--reused]
                      [--rounds 5] [--warm-up 20000] [--servers postfix,exim,caravan]
                      [--generator own|smtp-source] [--matrix] [--equal] [--json FILE] [--chart FILE.svg]
      """;

  /// @throws IllegalArgumentException if they are not such options
  static Options of(String[] words) {
    int messages = 10_000;
    int size = 4096;
    int recipients = 1;
    int sessions = 50;
    int rounds = 5;
    int warmUp = 20_000;
    boolean reused = false;
    boolean matrix = false;
    boolean smtpSource = false;
    boolean equal = false;
    List<String> servers = Peers.ALL.stream().filter(Peers::installed).toList();
    Optional<Path> json = Optional.empty();
    Optional<Path> chart = Optional.empty();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.equals("--reused")) {
        reused = true;
        continue;
      }
      if (word.equals("--equal")) {
        equal = true;
        continue;
      }
      if (word.equals("--matrix")) {
        matrix = true;
        continue;
      }
      if (i + 1 == words.length) {
        throw new IllegalArgumentException(word + " is no option, or lacks its value");
      }
      String value = words[++i];
      switch (word) {
        case "--messages" -> messages = Integer.parseInt(value);
        case "--size" -> size = Integer.parseInt(value);
        case "--recipients" -> recipients = Integer.parseInt(value);
        case "--sessions" -> sessions = Integer.parseInt(value);
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--warm-up" -> warmUp = Integer.parseInt(value);
        case "--servers" -> servers = List.of(value.split(","));
        case "--generator" -> smtpSource = isSmtpSource(value);
        case "--json" -> json = Optional.of(Path.of(value));
        case "--chart" -> chart = Optional.of(Path.of(value));
        default -> throw new IllegalArgumentException("there is no option " + word);
      }
    }
    if (smtpSource && (matrix || recipients > 1)) {
      throw new IllegalArgumentException("smtp-source sends to one recipient, and one load");
    }
    return new Options(
        new Load(messages, size, recipients, sessions, reused),
        rounds,
        warmUp,
        matrix,
        smtpSource,
        equal,
        servers,
        json,
        chart);
  }

  private static boolean isSmtpSource(String value) {
    return switch (value) {
      case "own" -> false;
      case "smtp-source" -> true;
      default -> throw new IllegalArgumentException("there is no generator " + value);
    };
  }

  /// The loads to be measured, one or all of them.
  List<Load> loads() {
    if (!matrix) {
      return List.of(load);
    }
    var loads = new ArrayList<Load>();
    for (int size : SIZES) {
      for (int recipients : RECIPIENTS) {
        for (int sessions : SESSIONS) {
          for (boolean reused : new boolean[] {false, true}) {
            loads.add(new Load(load.messages(), size, recipients, sessions, reused).brief());
          }
        }
      }
    }
    return loads;
  }
}
