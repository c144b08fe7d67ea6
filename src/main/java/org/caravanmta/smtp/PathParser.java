package org.caravanmta.smtp;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;

/// Reads the paths of MAIL and RCPT (RFC 5321 §4.1.2) with the tolerance of Postfix: white space
/// behind the colon, no `<>`, names and comments around the address (`Ann <ann@a.example>`, RFC
/// 5322 §3.4), source routes (dropped, RFC 5321 §F.2), one dot behind the domain, no domain
/// (completed with the origin).
final class PathParser {
  /// More names and comments around an address are not taken away; it is then a bad address.
  private static final int MOST_COMMENTS = 10;

  private static final Pattern NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private PathParser() {}

  /// What stands behind `FROM:` or `TO:`.
  ///
  /// @param path without its `<>`
  /// @param parameters the words behind the path: `SIZE=1000`
  record Argument(String path, List<String> parameters) {}

  /// @param keyword `FROM:` or `TO:`
  /// @return absent when the keyword is missing or nothing but it is there
  static Optional<Argument> argument(String text, String keyword) {
    if (!text.regionMatches(true, 0, keyword, 0, keyword.length())) {
      return Optional.empty();
    }
    String rest = text.substring(keyword.length()).strip();
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    int open = unquoted(rest, '<', 0);
    boolean angles = open == 0 || open > 0 && isName(rest.substring(0, open));
    int end = angles ? closing(rest, open) : unquoted(rest, ' ', 0);
    if (angles && end < 0) {
      return Optional.empty();
    }
    String path = bare(rest.substring(angles ? open + 1 : 0, end < 0 ? rest.length() : end));
    var parameters = new ArrayList<String>();
    String behind = end < 0 ? "" : rest.substring(end + 1);
    if (angles && !behind.isEmpty() && behind.charAt(0) > ' ') {
      return Optional.empty();
    }
    for (String word : behind.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        parameters.add(word);
      }
    }
    return Optional.of(new Argument(path, List.copyOf(parameters)));
  }

  /// @throws IllegalArgumentException as {@link Address#parse}
  static ReversePath reversePath(String path, Domain origin) {
    return path.isEmpty() ? ReversePath.NULL : ReversePath.of(address(path, origin));
  }

  /// @throws IllegalArgumentException as {@link Address#parse}; also when `path` is empty
  static Address address(String path, Domain origin) {
    String mailbox = path;
    if (path.startsWith("@")) {
      mailbox = path.substring(unquoted(path, ':', 0) + 1);
    }
    int at = unquoted(mailbox, '@', 0);
    if (at < 0) {
      return Address.parse(mailbox + "@" + origin.name());
    }
    boolean dot = mailbox.endsWith(".") && !mailbox.endsWith("..");
    Address address = Address.parse(dot ? mailbox.substring(0, mailbox.length() - 1) : mailbox);
    if (!isHost(address.domain())) {
      throw new IllegalArgumentException("no host can have the name " + address.domain());
    }
    return address;
  }

  /// Whether mail can go there: a name, and no bare IP address (RFC 5321 §4.1.2), or the literal of
  /// one (§4.1.3).
  private static boolean isHost(Domain domain) {
    String name = domain.name();
    if (!domain.isLiteral()) {
      return !NUMBERS.matcher(name).matches();
    }
    boolean six = name.regionMatches(true, 1, "IPv6:", 0, 5);
    return Literals.address(name).filter(found -> six == found instanceof Inet6Address).isPresent();
  }

  /// Whether text before `<` is the name of whoever has the address, not an address itself or a
  /// parameter.
  private static boolean isName(String text) {
    return unquoted(text, '@', 0) < 0 && unquoted(text, '=', 0) < 0;
  }

  /// Where the `>` is that belongs to the `<` at `open`, or -1.
  private static int closing(String text, int open) {
    int depth = 0;
    boolean quoted = false;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '<' && !quoted) {
        depth++;
      } else if (c == '>' && !quoted && --depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /// The address in `Ann <ann@a.example>` and `ann@a.example (Ann)`.
  private static String bare(String text) {
    String bare = text;
    for (int i = 0; i < MOST_COMMENTS; i++) {
      int open = unquoted(bare, '<', 0);
      int close = open < 0 ? -1 : closing(bare, open);
      int comment = unquoted(bare, '(', 0);
      int end = comment < 0 ? -1 : unquoted(bare, ')', comment);
      if (close >= 0 && isName(bare.substring(0, open))) {
        bare = bare.substring(open + 1, close);
      } else if (end >= 0) {
        bare = bare.substring(0, comment) + bare.substring(end + 1);
      } else {
        return bare.strip();
      }
    }
    return bare.strip();
  }

  /// Where `wanted` first stands outside of quotes, or -1.
  private static int unquoted(String text, char wanted, int from) {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == wanted && !quoted) {
        return i;
      }
    }
    return -1;
  }
}
