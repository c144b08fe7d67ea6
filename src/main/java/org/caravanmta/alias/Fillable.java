package org.caravanmta.alias;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A text in which names stand for something else (postfix `mac_expand(3)`), such as parts of an
/// address (RFC 5321 §4.1.2): `$name`, `${name}` or `$(name)`; `${name?TEXT}` and `${name:TEXT}`
/// for a text used when there is such a part, or when there is none, `${name?{TEXT}:{TEXT}}` for
/// one of two; `$$` is a dollar sign.
public record Fillable(List<Part> parts) {
  /// What `local(8)` knows about a user and his address.
  public static final Set<String> OF_A_USER =
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

  public sealed interface Part {}

  public record Plain(String text) implements Part {}

  public record Name(String name) implements Part {}

  public record Choice(String name, List<Part> there, List<Part> absent) implements Part {}

  /// @throws IllegalArgumentException says what was expected
  public static Fillable parse(String text, Set<String> names) {
    return new Fillable(parts(text, names));
  }

  /// @param values what the names stand for; a name that is missing stands for nothing
  public String with(Map<String, String> values) {
    return filled(parts, values);
  }

  /// The same; absent when a name outside a choice stands for nothing.
  ///
  /// @param used receives the names that stand for a part of it
  Optional<String> whole(Map<String, String> values, Set<String> used) {
    return whole(parts, values, used);
  }

  private static Optional<String> whole(
      List<Part> parts, Map<String, String> values, Set<String> used) {
    var filled = new StringBuilder();
    for (Part part : parts) {
      Optional<String> text =
          switch (part) {
            case Plain(String plain) -> Optional.of(plain);
            case Name(String name) -> {
              used.add(name);
              yield Optional.of(values.getOrDefault(name, "")).filter(value -> !value.isEmpty());
            }
            case Choice(String name, List<Part> there, List<Part> absent) ->
                whole(values.getOrDefault(name, "").isEmpty() ? absent : there, values, used);
          };
      if (text.isEmpty()) {
        return text;
      }
      filled.append(text.get());
    }
    return Optional.of(filled.toString());
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

  private static List<Part> parts(String text, Set<String> names) {
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
        end = afterBrace(text, dollar + 1);
        parts.add(choice(text.substring(dollar + 2, end - 1).strip(), names));
      } else {
        end = dollar + 1 + name(text.substring(dollar + 1));
        parts.add(new Name(known(text.substring(dollar + 1, end), names)));
      }
      at = end;
    }
    return parts;
  }

  /// What is in the braces after a dollar.
  private static Part choice(String inside, Set<String> names) {
    int end = name(inside);
    String name = known(inside.substring(0, end), names);
    String rest = inside.substring(end).strip();
    if (rest.isEmpty()) {
      return new Name(name);
    }
    char kind = rest.charAt(0);
    if (kind != '?' && kind != ':') {
      throw new IllegalArgumentException("expected ? or : after " + name + " in ${" + inside + "}");
    }
    String value = rest.substring(1).strip();
    String other = "";
    if (value.startsWith("{")) {
      int after = afterBrace(value, 0);
      other = value.substring(after).strip();
      value = value.substring(1, after - 1).strip();
      boolean two = kind == '?' && other.startsWith(":");
      other = two ? other.substring(1).strip() : other;
      if (!other.isEmpty()) {
        if (!two || !other.startsWith("{") || afterBrace(other, 0) != other.length()) {
          throw new IllegalArgumentException("expected {TEXT}:{TEXT} in ${" + inside + "}");
        }
        other = other.substring(1, other.length() - 1).strip();
      }
    }
    return kind == '?'
        ? new Choice(name, parts(value, names), parts(other, names))
        : new Choice(name, List.of(), parts(value, names));
  }

  /// The place after the brace that closes the one at a place.
  private static int afterBrace(String text, int opening) {
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

  private static String known(String name, Set<String> names) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "expected one of "
              + String.join(", ", names.stream().sorted().toList())
              + " after $, found \""
              + name
              + "\"");
    }
    return name;
  }
}
