package org.caravanmta.mtasts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.caravanmta.address.Idn;

/// A policy as a domain publishes it (RFC 8461 §3.2).
///
/// @param mode what becomes of mail that cannot be sent as the policy asks
/// @param lifetime how long the policy holds after it has been read
/// @param hosts the names of the mail exchangers, in small letters; `*.example.org` is any name
///   with one more label; at least one unless the mode is {@link Mode#NONE}
public record StsPolicy(Mode mode, Duration lifetime, List<String> hosts) {
  /// About a year (RFC 8461 §3.2).
  private static final long LONGEST = 31_557_600;

  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");

  /// What becomes of mail that cannot be sent as the policy asks (RFC 8461 §5).
  public enum Mode {
    /// It is not sent.
    ENFORCE,
    /// It is sent all the same, and the domain may be told.
    TESTING,
    /// The domain has no policy any more.
    NONE
  }

  public StsPolicy {
    hosts = List.copyOf(hosts);
  }

  /// Reads a policy. Of a key that is repeated the first counts, but for `mx`; keys that we do not
  /// know are skipped (RFC 8461 §3.2).
  ///
  /// @throws IllegalArgumentException says what is wrong
  public static StsPolicy parse(String text) {
    Map<String, String> first = new HashMap<>();
    var hosts = new ArrayList<String>();
    for (String line : text.split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        if (line.isBlank()) {
          continue;
        }
        throw new IllegalArgumentException("not a key and a value: \"" + shown(line) + "\"");
      }
      String key = line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      if (key.equals("mx")) {
        hosts.add(host(value));
      } else {
        first.putIfAbsent(key, value);
      }
    }
    if (!"STSv1".equals(first.get("version"))) {
      throw new IllegalArgumentException("version is not STSv1");
    }
    Mode mode = mode(first.getOrDefault("mode", ""));
    if (hosts.isEmpty() && mode != Mode.NONE) {
      throw new IllegalArgumentException("no mx");
    }
    return new StsPolicy(mode, lifetime(first.getOrDefault("max_age", "")), hosts);
  }

  /// Whether a mail exchanger is one of those that the policy names (RFC 8461 §4.1).
  public boolean names(String host) {
    return hosts.stream().anyMatch(pattern -> covers(pattern, host));
  }

  /// Whether a host is meant by a name of a policy, in small letters, of which `*.example.org` is
  /// any with one more label (RFC 8461 §4.1).
  public static boolean covers(String pattern, String host) {
    String name = Idn.ascii(host);
    return pattern.startsWith("*.")
        ? name.indexOf('.') > 0 && name.substring(name.indexOf('.')).equals(pattern.substring(1))
        : name.equals(pattern);
  }

  private static Mode mode(String text) {
    return switch (text) {
      case "enforce" -> Mode.ENFORCE;
      case "testing" -> Mode.TESTING;
      case "none" -> Mode.NONE;
      default ->
          throw new IllegalArgumentException(
              "mode is none of enforce, testing, none: \"" + shown(text) + "\"");
    };
  }

  private static Duration lifetime(String text) {
    if (!SECONDS.matcher(text).matches()) {
      throw new IllegalArgumentException("max_age is not a number: \"" + shown(text) + "\"");
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST));
  }

  private static String host(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(name).matches()) {
      throw new IllegalArgumentException("mx is not the name of a host: \"" + shown(text) + "\"");
    }
    return name;
  }

  /// What others have written, fit for one line of the log.
  private static String shown(String text) {
    return text.substring(0, Math.min(text.length(), 60)).replaceAll("\\p{C}", "?");
  }
}
