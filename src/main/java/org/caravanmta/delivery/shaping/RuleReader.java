package org.caravanmta.delivery.shaping;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.caravanmta.address.Ascii;
import org.caravanmta.config.Notation;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.table.TableLine;

/// Reads the rules of a shaping table, one a line as in other tables (postfix `postmap(1)`): a key,
/// and limits as `NAME=VALUE` after it.
///
/// | key | whom the limits are for |
/// |---|---|
/// | `example.net`, `[192.0.2.1]:25` | the destination of this name, as the log has it |
/// | `.example.net` | each destination below this domain |
/// | `mx:mx1.example.net`, `mx:*.example.net` | the servers of these names, whoever's they are |
final class RuleReader {
  private static final Pattern SERVER = Pattern.compile("[\\p{L}\\p{N}*_.:-]+");

  private static final String CONCURRENCY = "concurrency";
  private static final String CONNECTIONS = "connections";
  private static final String RATE = "rate";
  private static final String MESSAGES = "messages-per-connection";
  private static final String RATE_DELAY = "rate-delay";
  private static final List<String> OF_DESTINATIONS =
      List.of(CONCURRENCY, RATE, MESSAGES, RATE_DELAY);
  private static final List<String> OF_SERVERS = List.of(CONNECTIONS, RATE, MESSAGES);

  private RuleReader() {}

  /// Reads a line.
  ///
  /// @param place where it stands
  /// @throws IllegalArgumentException says what was expected, after the place and the key
  static ShapingRule read(String place, TableLine line) {
    TableLine.Pair pair = line.split();
    String key = Ascii.lower(pair.key());
    try {
      boolean servers = key.startsWith(ShapingRule.SERVERS);
      expectKey(key, servers);
      return new ShapingRule(
          place, key, given(pair.value(), servers ? OF_SERVERS : OF_DESTINATIONS));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + pair.key() + ": " + e.getMessage(), e);
    }
  }

  private static void expectKey(String key, boolean servers) {
    if (servers) {
      if (!SERVER.matcher(key.substring(ShapingRule.SERVERS.length())).matches()) {
        throw new IllegalArgumentException(
            "expected a name of servers after mx:, such as mx:mx1.example.net or"
                + " mx:*.example.net");
      }
    } else {
      String named = key.startsWith(".") ? key.substring(1) : key;
      try {
        var _ = NextHopReader.sets(named);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "expected a destination such as example.net, .example.net or [192.0.2.1]:25, or mx:"
                + " and a name of servers",
            e);
      }
    }
  }

  private static ShapingRule.Given given(String text, List<String> names) {
    var values = new HashMap<String, String>();
    for (String word : text.split("[\\s,]+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (equals < 0 || !names.contains(name)) {
        throw new IllegalArgumentException(
            word + ": expected NAME=VALUE, with a name of " + String.join(", ", names));
      }
      if (values.put(name, word.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(word + ": expected " + name + " only once");
      }
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a limit after it, NAME=VALUE, with a name of " + String.join(", ", names));
    }
    return new ShapingRule.Given(
        value(values, CONCURRENCY, it -> number(it, 1), "a whole number from 1"),
        value(values, CONNECTIONS, it -> number(it, 1), "a whole number from 1"),
        value(values, RATE, Rate::parse, "a rate such as 12/s, 600/m or 1000/h"),
        value(values, MESSAGES, it -> number(it, 0), "a whole number from 0"),
        value(values, RATE_DELAY, RuleReader::time, "a time such as 500ms, 30s or 5m"));
  }

  private static <T> Optional<T> value(
      Map<String, String> values, String name, Function<String, T> read, String expected) {
    String text = values.get(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + "=" + text + ": expected " + expected, e);
    }
  }

  private static int number(String text, int least) {
    int number = Integer.parseInt(text);
    if (number < least || text.startsWith("+")) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static Duration time(String text) {
    Duration time = Notation.duration(text);
    if (!time.isPositive()) {
      throw new IllegalArgumentException(text);
    }
    return time;
  }
}
