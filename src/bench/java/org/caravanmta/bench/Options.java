package org.caravanmta.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the benchmark was asked for on its command line.
record Options(
    Load load,
    int rounds,
    int warmUp,
    boolean matrix,
    boolean smtpSource,
    boolean equal,
    boolean milter,
    List<Server> servers,
    Optional<Path> json,
    Optional<Path> chart) {

  private static final int[] SIZES = {1 << 10, 4 << 10, 100 << 10, 5 << 20};
  private static final int[] RECIPIENTS = {1, 10, 50};
  private static final int[] SESSIONS = {1, 50, 500};
  private static final int ROUNDS = 5;
  private static final int MATRIX_ROUNDS = 3;
  private static final long MOST_BYTES = 1 << 30;
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([km]?)");

  static final String USAGE =
      """
      src/bench/relay [--messages 10000] [--size 4k] [--recipients 1] [--sessions 50] [--reused]
                      [--rounds 5] [--warm-up 120000]
                      [--servers postfix,exim,opensmtpd,haraka,caravan] [--before INSTALLATION]
                      [--generator own|smtp-source] [--matrix] [--equal] [--milter] [--json FILE] [--chart FILE.svg]
      """;

  /// @throws IllegalArgumentException if they are not such options
  static Options of(String[] words) {
    int messages = 10_000;
    int size = 4096;
    int recipients = 1;
    int sessions = 50;
    int rounds = 0;
    int warmUp = 120_000;
    boolean reused = false;
    boolean matrix = false;
    boolean smtpSource = false;
    boolean equal = false;
    boolean milter = false;
    List<Server> servers = Server.ALL.stream().filter(Server::installed).toList();
    Optional<Path> before = Optional.empty();
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
      if (word.equals("--milter")) {
        milter = true;
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
        case "--messages" -> messages = number(word, value);
        case "--size" -> size = size(word, value);
        case "--recipients" -> recipients = number(word, value);
        case "--sessions" -> sessions = number(word, value);
        case "--rounds" -> rounds = number(word, value);
        case "--warm-up" -> warmUp = number(word, value);
        case "--servers" -> servers = Arrays.stream(value.split(",")).map(Server::named).toList();
        case "--before" -> before = Optional.of(Path.of(value));
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
        rounds > 0 ? rounds : matrix ? MATRIX_ROUNDS : ROUNDS,
        warmUp,
        matrix,
        smtpSource,
        equal,
        milter,
        installed(servers, before, milter),
        json,
        chart);
  }

  static int number(String option, String value) {
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(option + " takes a number, not " + value);
    }
    return Integer.parseInt(value);
  }

  /// Bytes, or with k or m after the number 1024 or 1048576 times as many.
  static int size(String option, String value) {
    Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
    long bytes = 0;
    if (size.matches()) {
      bytes =
          Long.parseLong(size.group(1))
              << switch (size.group(2)) {
                case "k" -> 10;
                case "m" -> 20;
                default -> 0;
              };
    }
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          option + " takes bytes up to 1024m, such as 4096, 100k or 5m, not " + value);
    }
    return (int) bytes;
  }

  /// @param before an older Caravan, which goes first: the others are compared to it
  /// @param milter whether each that can is measured with a milter, too
  private static List<Server> installed(List<Server> named, Optional<Path> before, boolean milter) {
    List<Server> servers =
        Stream.concat(before.map(Caravan::before).stream(), named.stream())
            .flatMap(
                server ->
                    Stream.concat(
                        Stream.of(server), milter ? server.filtered().stream() : Stream.of()))
            .toList();
    for (Server server : servers) {
      if (!server.installed()) {
        throw new IllegalArgumentException(
            server.name() + " is not there: see src/bench/peers, or the packages it names");
      }
    }
    return servers;
  }

  private static boolean isSmtpSource(String value) {
    return switch (value) {
      case "own" -> false;
      case "smtp-source" -> true;
      default -> throw new IllegalArgumentException("there is no generator " + value);
    };
  }

  /// The largest load that is measured in rounds, as far as it is good for warming up.
  int warmUpSize() {
    return matrix ? SIZES[2] : Math.min(load.size(), SIZES[2]);
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
    // where there are fewer messages than sessions, more sessions are no other load
    return loads.stream().distinct().toList();
  }
}
