package org.caravanmta.table;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// An item of a list of domains (postfix `postconf(5)`, `mydestination`): `example.org`,
/// `.example.org`, a table `hash:/etc/caravan/domains`, or a file of items `/etc/caravan/domains`,
/// each with or without `!` before it. See {@link Patterns} for what it matches.
///
/// @param text the item as it is written
public record DomainPattern(String text) {
  private static final Pattern TABLE_OR_FILE = Pattern.compile("!*\\s*(/.+|[a-z]+:.+)");

  public DomainPattern {
    String name = text.replaceFirst("^!+\\s*\\.?|^\\.", "");
    if (!TABLE_OR_FILE.matcher(text).matches()) {
      // what may stand after an @ is a domain
      Address.parse("postmaster@" + name);
    }
  }

  /// The domain, when the item is a plain domain name; absent for the other forms.
  public Optional<Domain> domain() {
    return text.startsWith("!") || text.startsWith(".") || TABLE_OR_FILE.matcher(text).matches()
        ? Optional.empty()
        : Optional.of(new Domain(text));
  }

  /// The items as they are written.
  public static List<String> texts(List<DomainPattern> patterns) {
    return patterns.stream().map(DomainPattern::text).toList();
  }

  /// The first domain among the items that are plain domain names.
  public static Optional<Domain> first(List<DomainPattern> patterns) {
    return patterns.stream().flatMap(pattern -> pattern.domain().stream()).findFirst();
  }
}
