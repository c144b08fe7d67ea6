package org.caravanmta.address;

/// The domain that addresses written without one belong to, and the standard form of an address,
/// which always has one (RFC 5321 §2.3.5 wants no other in the envelope; postfix
/// `trivial-rewrite(8)`).
public record Origin(Domain domain) {
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
      int bang = quoted ? -1 : plain.indexOf('!');
      int percent = quoted ? -1 : plain.lastIndexOf('%');
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

  /// The standard form of an address that has a domain: without a dot at its end.
  public Address complete(Address address) {
    String name = address.domain().name();
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
