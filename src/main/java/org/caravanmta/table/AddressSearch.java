package org.caravanmta.table;

import java.util.Optional;
import java.util.function.Predicate;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// The standard search for an address in tables (postfix `ADDRESS_REWRITING_README`, `virtual(5)`).
/// These keys are looked up:
///
/// 1. `user+ext@domain`
/// 2. `user@domain`
/// 3. `user+ext`, when the domain is one of ours
/// 4. `user`, likewise
/// 5. `@domain`
///
/// Each key is looked up in all tables before the next one; in tables of patterns, only the first
/// key is. Local parts are in quotes where SMTP needs them: `"first last"@example.org`.
///
/// @param path the tables
/// @param bare the domains that keys may leave out: the origin and our own
public record AddressSearch(SearchPath path, Extensions extensions, Predicate<Domain> bare) {
  /// What the tables have for an address.
  public Search find(Address address) {
    Optional<Extensions.Split> split = extensions.split(address);
    String base = split.map(s -> s.base().toString()).orElse("");
    String extension = split.map(Extensions.Split::extension).orElse("");
    Search found = path.find(address.toString());
    if (found instanceof Search.Absent && split.isPresent()) {
      found = path.part(base, extension);
    }
    if (bare.test(address.domain())) {
      if (found instanceof Search.Absent) {
        found = path.part(localPart(address.toString(), address), "");
      }
      if (found instanceof Search.Absent && split.isPresent()) {
        found = path.part(localPart(base, address), extension);
      }
    }
    return found instanceof Search.Absent ? path.part("@" + address.domain().name(), "") : found;
  }

  private static String localPart(String text, Address address) {
    return text.substring(0, text.length() - address.domain().name().length() - 1);
  }
}
