package org.caravanmta.delivery.reply;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.config.Notation;
import org.caravanmta.delivery.reply.ReplyAction.Unit;
import org.caravanmta.queue.selector.Glob;
import org.caravanmta.table.PatternLine;

/// Reads a rule for replies, `/PATTERN/ ACTION[, ACTION…] [for TIME] [at NAME[, NAME…]]`.
///
/// | action | what it does |
/// |---|---|
/// | `suspend` | the destination gets nothing |
/// | `concurrency=N`, `connections=N` | it gets at most so many messages at a time |
/// | `slow` | it gets half as many at a time as are at work now, and half of that at the next such reply |
/// | `rate=N/s`, `N/m`, `N/h` | it gets at most so many in a second, minute or hour |
/// | `pool=NAME` | its servers are called from this pool of addresses |
/// | `defer` | a reply 5yz is a deferral |
/// | `fail` | a reply 4yz is final |
final class ReplyRuleReader {
  /// For how long an action holds where the rule does not say.
  private static final Duration USUAL = Duration.ofMinutes(15);

  private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,5})/([smh])");
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,5}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}*?_.:\\[\\]/-]+");

  private static final String FORM =
      "expected suspend, slow, concurrency=N, connections=N, rate=N/s, rate=N/m, rate=N/h,"
          + " pool=NAME, defer or fail";

  private final List<String> pools;

  /// @param pools those that may be named
  ReplyRuleReader(List<String> pools) {
    this.pools = List.copyOf(pools);
  }

  /// @throws IllegalArgumentException says what was expected
  ReplyRule read(PatternLine line) {
    var words = new Words(line.rest());
    var actions = new ArrayList<ReplyAction>();
    while (words.areLeft() && !words.follows("for") && !words.follows("at")) {
      add(action(words.next()), actions);
    }
    if (actions.isEmpty()) {
      throw new IllegalArgumentException(
          (words.areLeft() ? words.next() + ": " : "") + FORM + " after the pattern");
    }
    boolean timed = false;
    Duration time = USUAL;
    var at = new ArrayList<Glob>();
    while (words.areLeft()) {
      String word = words.next();
      if (word.equals("for")) {
        if (timed) {
          throw new IllegalArgumentException("for: expected only once");
        }
        timed = true;
        time = time(words);
      } else if (word.equals("at")) {
        at.addAll(names(words));
      } else {
        throw new IllegalArgumentException(
            word + ": expected at and names of next hops or servers, or nothing");
      }
    }
    var rule = new ReplyRule(line, actions, time, at);
    if (timed && rule.brakes().isEmpty()) {
      throw new IllegalArgumentException(
          "for: expected only with what holds for a time; defer and fail are for the one reply");
    }
    return rule;
  }

  private static void add(ReplyAction action, List<ReplyAction> actions) {
    for (ReplyAction other : actions) {
      if (other.getClass() == action.getClass()) {
        throw new IllegalArgumentException(
            action + ": expected once in a rule, but " + other + " stands before it");
      }
      if (action instanceof ReplyAction.Fail && other instanceof ReplyAction.Defer
          || action instanceof ReplyAction.Defer && other instanceof ReplyAction.Fail) {
        throw new IllegalArgumentException(action + ": expected either defer or fail, not both");
      }
    }
    actions.add(action);
  }

  private ReplyAction action(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals + 1);
    String value = word.substring(equals + 1);
    return switch (name) {
      case "suspend" -> new ReplyAction.Suspend();
      case "slow" -> new ReplyAction.Slow();
      case "concurrency=", "connections=" -> new ReplyAction.AtMost(number(word, value));
      case "rate=" -> rate(word, value);
      case "pool=" -> pool(word, value);
      case "defer" -> new ReplyAction.Defer();
      case "fail" -> new ReplyAction.Fail();
      default -> throw new IllegalArgumentException(word + ": " + FORM);
    };
  }

  private static int number(String word, String value) {
    if (!NUMBER.matcher(value).matches()) {
      throw new IllegalArgumentException(word + ": expected a whole number from 1 to 999999");
    }
    return Integer.parseInt(value);
  }

  private static ReplyAction rate(String word, String value) {
    var form = RATE.matcher(value);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          word + ": expected a whole number from 1 and a unit, as in rate=30/m, with s, m or h");
    }
    Unit unit =
        switch (form.group(2)) {
          case "s" -> Unit.SECOND;
          case "m" -> Unit.MINUTE;
          default -> Unit.HOUR;
        };
    return new ReplyAction.Rate(Integer.parseInt(form.group(1)), unit);
  }

  private ReplyAction pool(String word, String value) {
    if (!pools.contains(value)) {
      throw new IllegalArgumentException(
          word
              + ": expected a pool of delivery.sources.pools, which has "
              + (pools.isEmpty() ? "none" : String.join(", ", pools)));
    }
    return new ReplyAction.Pool(value);
  }

  private static Duration time(Words words) {
    String text = words.areLeft() ? words.next() : "";
    try {
      Duration time = Notation.duration(text);
      if (time.isPositive()) {
        return time;
      }
    } catch (IllegalArgumentException _) {
      // the same is wrong with it as with 0s
    }
    throw new IllegalArgumentException(
        ("for " + text).strip() + ": expected a time such as 30s, 15m or 2h");
  }

  private static List<Glob> names(Words words) {
    var names = new ArrayList<Glob>();
    while (words.areLeft() && !words.follows("for") && !words.follows("at")) {
      String name = words.next();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "at " + name + ": expected a name of a next hop or server, such as *.example.net");
      }
      names.add(Glob.ofDomain(name));
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "at: expected a name of a next hop or server after it, such as *.example.net");
    }
    return names;
  }

  /// The words of a rule, which white space and commas part.
  private static final class Words {
    private final List<String> all;
    private int next;

    Words(String text) {
      all = Pattern.compile("[\\s,]+").splitAsStream(text).filter(it -> !it.isEmpty()).toList();
    }

    boolean areLeft() {
      return next < all.size();
    }

    boolean follows(String word) {
      return areLeft() && all.get(next).equals(word);
    }

    String next() {
      return all.get(next++);
    }
  }
}
