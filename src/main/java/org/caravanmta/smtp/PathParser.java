package org.caravanmta.smtp;

import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Origin;

/// Reads the address of MAIL and RCPT (RFC 5321 §4.1.2) as leniently as Postfix. It tolerates an
/// address without `<>`; comments; a display name before the `<` (RFC 5322 §3.4); source routes,
/// which are dropped (RFC 5321 §F.2); one dot after the domain; more than one `@`; and no domain,
/// which is then the origin.
final class PathParser {
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

  private final Origin origin;
  private final Grammar.Paths rules;

  PathParser(Grammar grammar) {
    this.origin = grammar.origin();
    this.rules = grammar.paths();
  }

  /// The address of MAIL, RCPT or VRFY.
  ///
  /// @param address completed
  /// @param given as it was given, without what surrounds it and before it was completed
  record Path(Address address, String given) {}

  /// Reads an address.
  ///
  /// @return empty for the null path `<>`
  /// @throws IllegalArgumentException if it is not an address
  Optional<Path> read(String text) {
    Optional<Address> common = common(text);
    if (common.isPresent()) {
      return Optional.of(new Path(common.get(), text.substring(1, text.length() - 1)));
    }
    if (rules.strict() && !(text.startsWith("<") && text.endsWith(">"))) {
      throw new IllegalArgumentException("no <address>: " + text);
    }
    List<Lexeme> lexemes = Lexeme.of(text);
    List<Lexeme> withoutComments =
        lexemes.stream().filter(l -> l.kind() != Lexeme.Kind.COMMENT).toList();
    if (rules.strict() && withoutComments.size() < lexemes.size()) {
      throw new IllegalArgumentException("a comment: " + text);
    }
    List<Lexeme> spec = withoutRoute(spec(withoutComments));
    boolean empty = spec.isEmpty() || spec.size() == 1 && isEmptyText(spec.getFirst());
    return empty ? Optional.empty() : Optional.of(path(spec));
  }

  /// The quick way for what nearly all clients send, `<user@host.example>`; empty for anything
  /// else.
  private Optional<Address> common(String text) {
    int end = text.length() - 1;
    int at = text.indexOf('@');
    if (at < 2
        || text.charAt(0) != '<'
        || text.charAt(end) != '>'
        || text.charAt(1) == '-'
        || !Character.isLetter(text.charAt(end - 1))) {
      return Optional.empty();
    }
    for (int i = 1; i < end; i++) {
      char c = text.charAt(i);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!plain && c != '.' && c != '-' && i != at && (i > at || c != '+' && c != '_')) {
        return Optional.empty();
      }
    }
    return Optional.of(origin.complete(Address.parse(text.substring(1, end))));
  }

  /// The tokens of the address itself, without what surrounds them.
  private List<Lexeme> spec(List<Lexeme> all) {
    int open = lastIndex(all, '<');
    if (open < 0) {
      int end = all.size();
      while (end > 0 && (all.get(end - 1).is('>') || all.get(end - 1).is(';'))) {
        end--;
      }
      List<Lexeme> rest = all.subList(0, end);
      int colon = lastIndex(rest, ':');
      // a group with one member (RFC 5322 §3.4)
      boolean group = end < all.size() && all.get(end).is(';') && colon > 0;
      return group && !rest.getFirst().is('@') ? rest.subList(colon + 1, end) : rest;
    }
    List<Lexeme> before = all.subList(0, open);
    int close = open + 1;
    while (close < all.size() && !all.get(close).is('>')) {
      close++;
    }
    if (close == all.size() || count(all, '<') > count(all, '>')) {
      throw new IllegalArgumentException("no > at the end");
    }
    boolean name = before.stream().anyMatch(l -> l.isWord() || l.is('.'));
    boolean more =
        before.stream().anyMatch(l -> !(l.isWord() || l.is('.') || l.is('<')))
            || all.subList(close, all.size()).stream().anyMatch(l -> !(l.is('>') || l.is(';')));
    if (more || name && rules.strict()) {
      throw new IllegalArgumentException("more than an address");
    }
    return all.subList(open + 1, close);
  }

  /// The address without its source route, `@a,@b:` (RFC 5321 §F.2).
  private static List<Lexeme> withoutRoute(List<Lexeme> spec) {
    if (!spec.isEmpty() && spec.getFirst().is('@')) {
      for (int i = 1; i < spec.size(); i++) {
        if (spec.get(i).is(':')) {
          return spec.subList(i + 1, spec.size());
        }
      }
    }
    return spec;
  }

  private Path path(List<Lexeme> spec) {
    int at = lastIndex(spec, '@');
    String local = local(at < 0 ? spec : spec.subList(0, at));
    if (at < 0) {
      return new Path(origin.named(local), Address.quoted(local));
    }
    if (rules.strict() && local.isEmpty()) {
      throw new IllegalArgumentException("no local part");
    }
    String given = domain(spec.subList(at + 1, spec.size()));
    if (given.isEmpty() && rules.nullDomain()) {
      Address address = origin.named(local);
      return new Path(address, address.toString());
    }
    return new Path(
        origin.complete(new Address(local, deliverable(given))),
        new Address(local, new Domain(given)).toString());
  }

  /// The local part: words separated by dots, and also by `@` and `:`, as addresses of other
  /// networks have them.
  private static String local(List<Lexeme> lexemes) {
    var text = new StringBuilder();
    boolean word = false;
    for (Lexeme lexeme : lexemes) {
      boolean separator = lexeme.is('.') || lexeme.is('@') || lexeme.is(':');
      if (!separator && (word || !lexeme.isWord())) {
        throw new IllegalArgumentException("no local part: " + lexeme.text());
      }
      word = !separator;
      text.append(lexeme.text());
    }
    String local = text.toString();
    if (local.chars().anyMatch(Character::isISOControl) || local.startsWith("-")) {
      // a program could take a user that starts with - for an option (postfix `allow_min_user`)
      throw new IllegalArgumentException("no user can have the name " + local);
    }
    return local;
  }

  private static String domain(List<Lexeme> lexemes) {
    var text = new StringBuilder();
    boolean label = false;
    for (Lexeme lexeme : lexemes) {
      boolean dot = lexeme.is('.');
      boolean name = lexeme.isWord() || lexeme.kind() == Lexeme.Kind.LITERAL;
      if (!dot && (label || !name)) {
        throw new IllegalArgumentException("no domain: " + lexeme.text());
      }
      label = !dot;
      text.append(lexeme.text());
    }
    return text.toString();
  }

  /// The domain, which must be one that mail can go to: a name but not a bare number (RFC 5321
  /// §4.1.2), or the literal of an IP address (§4.1.3). A dot at the end is kept if the name has no
  /// other, as the name could be completed otherwise (postfix `append_dot_mydomain`).
  private Domain deliverable(String text) {
    boolean dot = text.endsWith(".") && !text.endsWith("..");
    String name = dot ? text.substring(0, text.length() - 1) : text;
    if (name.endsWith(".")) {
      throw new IllegalArgumentException("no host can have the name " + name);
    }
    Domain host = Address.parse("x@" + name).domain();
    if (host.isLiteral()) {
      boolean six = Ascii.at(name, 1, "IPv6:");
      return Literals.address(name)
          .filter(found -> six == found instanceof Inet6Address)
          .map(_ -> host)
          .orElseThrow(() -> new IllegalArgumentException("no address literal: " + name));
    }
    if (NUMBERS.matcher(name).matches()) {
      if (rules.numericDomain() && Literals.address(name).isPresent()) {
        return new Domain("[" + name + "]");
      }
      throw new IllegalArgumentException("no host can have the name " + name);
    }
    return dot && name.indexOf('.') < 0 ? new Domain(text) : host;
  }

  private static boolean isEmptyText(Lexeme lexeme) {
    return lexeme.kind() == Lexeme.Kind.QUOTED && lexeme.text().isEmpty();
  }

  private static long count(List<Lexeme> all, char special) {
    return all.stream().filter(l -> l.is(special)).count();
  }

  private static int lastIndex(List<Lexeme> all, char special) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).is(special)) {
        return i;
      }
    }
    return -1;
  }
}
