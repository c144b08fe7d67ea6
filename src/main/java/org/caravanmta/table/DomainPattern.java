package org.caravanmta.table;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// An item of a list of domains: `example.org`, `.example.org`, a table
/// `hash:/etc/caravan/domains`, a file of items `/etc/caravan/domains`, each with `!` before it or
/// not.
public record DomainPattern(String text) {
  private static final Pattern TABLE_OR_FILE = Pattern.compile("!*\\s*(/.+|[a-z]+:.+)");

  public DomainPattern {
    String name = text.replaceFirst("^!+\\s*\\.?|^\\.", "");
    if (!TABLE_OR_FILE.matcher(text).matches()) {
      // what may stand after an @ is a domain
      Address.parse("postmaster@" + name);
    }
  }

  /// The domain, when it is the name of one and no more.
  public Optional<Domain> domain() {
    return text.startsWith("!") || text.startsWith(".") || TABLE_OR_FILE.matcher(text).matches()
        ? Optional.empty()
        : Optional.of(new Domain(text));
  }

  /// The items as they are written.
  public static List<String> texts(List<DomainPattern> patterns) {
    return patterns.stream().map(DomainPattern::text).toList();
  }

  /// The first that is the name of a domain.
  public static Optional<Domain> first(List<DomainPattern> patterns) {
    return patterns.stream().flatMap(pattern -> pattern.domain().stream()).findFirst();
  }
}
