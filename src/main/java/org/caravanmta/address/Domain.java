package org.caravanmta.address;

import java.util.ArrayList;
import java.util.List;

/// A domain name or address literal as it stands right of the `@` (RFC 5321 §4.1.2). Keeps its
/// letters as written; compares without regard to case, and to whether its name is written in
/// Unicode or in ASCII (see {@link Idn}).
///
/// @param name `example.org` or `[192.0.2.1]`, `[IPv6:2001:db8::1]`; never empty
public record Domain(String name) {
  public Domain {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a domain has at least one letter");
    }
  }

  /// The form that all ways to write it have in common: ASCII, in small letters.
  public String key() {
    return Idn.ascii(name);
  }

  public boolean isLiteral() {
    return name.startsWith("[") && name.endsWith("]");
  }

  /// The domains above this one, nearest first: of `a.b.example` these are `b.example` and
  /// `example`. None for a literal.
  public List<String> parents() {
    var parents = new ArrayList<String>();
    if (!isLiteral()) {
      String key = key();
      for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
        parents.add(key.substring(dot + 1));
      }
    }
    return parents;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Domain domain && domain.key().equals(key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
