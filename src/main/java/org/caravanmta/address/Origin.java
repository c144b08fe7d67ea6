package org.caravanmta.address;

import java.util.Optional;

/// The domain that addresses written without one belong to, and the standard form of an address,
/// which always has one (RFC 5321 §2.3.5 wants no other in the envelope; postfix
/// `trivial-rewrite(8)`).
///
/// @param appended what completes a domain of one label, `user@host` (postfix
///   `append_dot_mydomain`); absent: it stays
/// @param bangs whether `site!user` is `user@site` (postfix `swap_bangpath`)
/// @param percents whether `user%site` is `user@site` (postfix `allow_percent_hack`)
public record Origin(Domain domain, Optional<Domain> appended, boolean bangs, boolean percents) {
  /// One that leaves short domains alone, and knows both old ways to write an address.
  public Origin(Domain domain) {
    this(domain, Optional.empty(), true, true);
  }

  /// The same rules with another domain, which completes short domains too.
  public Origin of(Domain other) {
    return new Origin(other, appended.map(_ -> other), bangs, percents);
  }

  /// Reads an address as people and tables write it:
  ///
  /// | written | read as |
  /// |---|---|
  /// | `user` | `user@origin` |
  /// | `@a,@b:user@c.example` | `user@c.example`: source routes are dropped (RFC 5321 Appendix C) |
  /// | `site!user` | `user@site` |
  /// | `user%site` | `user@site` |
  /// | `user@c.example.` | `user@c.example` |
  ///
  /// `!` and `%` mean nothing in a quoted local part, or left of an `@`.
  ///
  /// @throws IllegalArgumentException as {@link Address#parse}
  public Address complete(String text) {
    String plain = withoutRoute(text.strip());
    if (plain.isEmpty() || plain.equals("@")) {
      throw new IllegalArgumentException("no local part in \"" + text + "\"");
    }
    boolean quoted = plain.startsWith("\"");
    if (plain.indexOf('@', quoted ? plain.lastIndexOf('"') : 0) < 0) {
      int bang = quoted || !bangs ? -1 : plain.indexOf('!');
      int percent = quoted || !percents ? -1 : plain.lastIndexOf('%');
      if (bang >= 0) {
        plain = plain.substring(bang + 1) + "@" + plain.substring(0, bang);
      } else if (percent >= 0) {
        plain = plain.substring(0, percent) + "@" + plain.substring(percent + 1);
      } else {
        plain = plain + "@" + domain.name();
      }
    }
    return complete(Address.parse(plain));
  }

  /// The standard form of what an envelope has in place of an address with a domain. Quotes mean
  /// nothing there, unless a name needs them: `"site!user"` is `site!user`, as Postfix has it.
  ///
  /// @param name without quotes
  /// @throws IllegalArgumentException as {@link Address#parse}
  public Address named(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> Address.isAtomOrDot((char) c))
        ? complete(name)
        : new Address(name, domain);
  }

  /// The standard form of an address that has a domain: without a dot at its end, and whole.
  public Address complete(Address address) {
    String name = address.domain().name();
    if (appended.isPresent() && !name.contains(".") && !address.domain().isLiteral()) {
      return address.at(new Domain(name + "." + appended.get().name()));
    }
    return name.endsWith(".") && name.length() > 1 && !name.endsWith("..")
        ? address.at(new Domain(name.substring(0, name.length() - 1)))
        : address;
  }

  private static String withoutRoute(String text) {
    int colon = text.indexOf(':');
    return text.startsWith("@") && colon > 0 && colon < text.length() - 1
        ? text.substring(colon + 1)
        : text;
  }
}
