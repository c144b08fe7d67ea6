package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.address.AddressClass;

/// What {@link Masquerade} goes by: keys of the section `rewriting`.
///
/// @param masqueradeDomains `domain` or `!domain`, tried in this order
/// @param masqueradeExceptions local parts whose hosts are shown: `root`
public record MasqueradeSettings(
    List<String> masqueradeDomains,
    List<String> masqueradeExceptions,
    List<AddressClass> masqueradeClasses) {
  public MasqueradeSettings {
    for (String domain : masqueradeDomains) {
      if (!domain.matches("!*[^!\\s]+")) {
        throw new IllegalArgumentException(
            "masquerade-domains must be domains, each with ! before it or not");
      }
    }
  }
}
