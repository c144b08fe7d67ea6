package org.caravanmta.table;

import java.util.Optional;
import java.util.function.Predicate;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// The standard search for an address (postfix `ADDRESS_REWRITING_README`, `virtual(5)`): the keys
///
/// 1. `user+ext@domain`
/// 2. `user@domain`
/// 3. `user+ext`, when the domain is one of ours
/// 4. `user`, likewise
/// 5. `@domain`
///
/// each in all tables before the next one; tables of patterns are asked for the first only. Keys
/// have the local part in quotes where SMTP has: `"first last"@example.org`.
///
/// @param bare the domains whose addresses may be written without them: the origin and our own
public record AddressSearch(SearchPath path, Extensions extensions, Predicate<Domain> bare) {
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
