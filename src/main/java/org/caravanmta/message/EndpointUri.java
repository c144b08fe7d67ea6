package org.caravanmta.message;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The URI of a Camel endpoint (RFC 3986), as an operator writes it after `camel:`, and what of it
/// may be shown. Its options and its login may hold passwords, so that nobody but the endpoint sees
/// them: not the log, a list or a report, nor the message itself.
public final class EndpointUri {
  /// What stands for a part that is not shown.
  public static final String HIDDEN = "xxxxxx";

  private static final String NAME = "camel";

  /// `camel:URI` in a text, and its options, of which a value `RAW(…)` may hold spaces.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)\\b(camel:)([^\\s?]*)(\\?(?:RAW\\([^)\\n"
              + "]*\\)|RAW\\{[^}\\n"
              + "]*}|\\S)*?(?=[:,]?(?:\\s|$)))?");

  private EndpointUri() {}

  /// The scheme, which names the component: `https`; empty if there is none.
  public static String scheme(String uri) {
    return uri.substring(0, Math.max(0, uri.indexOf(':')));
  }

  /// The URI without its options and without a login: `https://host/path`.
  public static String shown(String uri) {
    int options = uri.indexOf('?');
    return withoutLogin(options < 0 ? uri : uri.substring(0, options));
  }

  /// A line in which URIs may stand as tables name them, `camel:https://host/path?…`.
  public static String shownIn(String line) {
    return mentions(line) ? NAMED.matcher(line).replaceAll(EndpointUri::shownMatch) : line;
  }

  private static String shownMatch(MatchResult named) {
    return Matcher.quoteReplacement(
        named.group(1)
            + withoutLogin(named.group(2))
            + (named.group(3) == null ? "" : "?" + HIDDEN));
  }

  private static boolean mentions(String line) {
    int colon = line.indexOf(':');
    while (colon >= 0 && !line.regionMatches(true, colon - NAME.length(), NAME, 0, NAME.length())) {
      colon = line.indexOf(':', colon + 1);
    }
    return colon >= 0;
  }

  /// `ftp://user:password@host`, and `ftp:user:password@host`, which Camel takes too.
  private static String withoutLogin(String uri) {
    int from = uri.indexOf(':') + 1;
    int slashes = uri.startsWith("//", from) ? 2 : 0;
    int at = uri.lastIndexOf('@');
    boolean login = at > from && (slashes > 0 || uri.substring(from, at).contains(":"));
    return login ? uri.substring(0, from + slashes) + HIDDEN + uri.substring(at) : uri;
  }
}
