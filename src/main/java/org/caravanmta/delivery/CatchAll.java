package org.caravanmta.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;

/// Who takes the mail of users who are not here (RFC 5321 §3.9; postfix `luser_relay`): an address
/// in which `$user`, `${user}` or `$(user)` stands for a part of the recipient's,
/// `${extension?TEXT}` for a text if there is that part, `${extension:TEXT}` if there is not, and
/// `${extension?{TEXT}:{TEXT}}` for one of two. `$home` and `$shell` are empty, for nobody has
/// neither; `$$` is a dollar.
///
/// @param text empty: nobody
public record CatchAll(String text) {
  private static final Set<String> NAMES =
      Set.of(
          "user",
          "local",
          "mailbox",
          "extension",
          "domain",
          "recipient",
          "recipient_delimiter",
          "home",
          "shell");

  private sealed interface Part {}

  private record Plain(String text) implements Part {}

  private record Name(String name) implements Part {}

  private record Choice(String name, List<Part> there, List<Part> absent) implements Part {}

  /// @throws IllegalArgumentException says what was expected
  public CatchAll {
    parts(text);
  }

  boolean isNone() {
    return text.isEmpty();
  }

  /// For one recipient: an address, maybe without a domain, or a user of ours behind a backslash.
  String of(Address recipient, Extensions extensions) {
    Optional<Extensions.Split> split = extensions.split(recipient);
    String local = quoted(recipient.localPart());
    String domain = quoted(recipient.domain().name());
    String extension = split.map(Extensions.Split::extension).orElse("");
    var values =
        Map.of(
            "user",
            split.map(s -> quoted(s.base().localPart())).orElse(local),
            "local",
            local,
            "mailbox",
            local,
            "extension",
            extension.isEmpty() ? "" : quoted(extension.substring(1)),
            "domain",
            domain,
            "recipient",
            local + "@" + domain,
            "recipient_delimiter",
            extension.isEmpty() ? "" : extension.substring(0, 1),
            "home",
            "",
            "shell",
            "");
    return filled(parts(text), values);
  }

  /// What came from outside is only ever a part of a local part.
  private static String quoted(String text) {
    return text.replaceAll("[^0-9A-Za-z!#%&'*+/=?^_{|}~.-]", "_");
  }

  private static String filled(List<Part> parts, Map<String, String> values) {
    var filled = new StringBuilder();
    for (Part part : parts) {
      filled.append(
          switch (part) {
            case Plain(String text) -> text;
            case Name(String name) -> values.getOrDefault(name, "");
            case Choice(String name, List<Part> there, List<Part> absent) ->
                filled(values.getOrDefault(name, "").isEmpty() ? absent : there, values);
          });
    }
    return filled.toString();
  }

  private static List<Part> parts(String text) {
    var parts = new ArrayList<Part>();
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf('$', at);
      if (dollar < 0 || dollar + 1 == text.length()) {
        parts.add(new Plain(text.substring(at)));
        return parts;
      }
      parts.add(new Plain(text.substring(at, dollar)));
      char next = text.charAt(dollar + 1);
      int end = dollar + 2;
      if (next == '$') {
        parts.add(new Plain("$"));
      } else if (next == '{' || next == '(') {
        end = behind(text, dollar + 1);
        parts.add(choice(text.substring(dollar + 2, end - 1).strip()));
      } else {
        end = dollar + 1 + name(text.substring(dollar + 1));
        parts.add(new Name(known(text.substring(dollar + 1, end))));
      }
      at = end;
    }
    return parts;
  }

  /// What is in the braces behind a dollar.
  private static Part choice(String inside) {
    int end = name(inside);
    String name = known(inside.substring(0, end));
    String rest = inside.substring(end).strip();
    if (rest.isEmpty()) {
      return new Name(name);
    }
    char kind = rest.charAt(0);
    if (kind != '?' && kind != ':') {
      throw new IllegalArgumentException(
          "expected ? or : behind " + name + " in ${" + inside + "}");
    }
    String value = rest.substring(1).strip();
    String other = "";
    if (value.startsWith("{")) {
      int behind = behind(value, 0);
      other = value.substring(behind).strip();
      value = value.substring(1, behind - 1).strip();
      boolean two = kind == '?' && other.startsWith(":");
      other = two ? other.substring(1).strip() : other;
      if (!other.isEmpty()) {
        if (!two || !other.startsWith("{") || behind(other, 0) != other.length()) {
          throw new IllegalArgumentException("expected {TEXT}:{TEXT} in ${" + inside + "}");
        }
        other = other.substring(1, other.length() - 1).strip();
      }
    }
    return kind == '?'
        ? new Choice(name, parts(value), parts(other))
        : new Choice(name, List.of(), parts(value));
  }

  /// The place behind the brace that closes the one at a place.
  private static int behind(String text, int opening) {
    char open = text.charAt(opening);
    char close = open == '{' ? '}' : ')';
    int depth = 0;
    for (int i = opening; i < text.length(); i++) {
      depth += text.charAt(i) == open ? 1 : text.charAt(i) == close ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("a " + open + " without its end in \"" + text + "\"");
  }

  private static int name(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private static String known(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "expected one of "
              + String.join(", ", NAMES.stream().sorted().toList())
              + " behind $, found \""
              + name
              + "\"");
    }
    return name;
  }
}
