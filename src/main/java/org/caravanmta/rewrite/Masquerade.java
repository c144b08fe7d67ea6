package org.caravanmta.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// Hides the hosts below a domain (postfix `masquerade_domains`): with `example.org`,
/// `ann@host.example.org` becomes `ann@example.org`. The first domain that an address is in or
/// below decides; one written `!domain` says that those below it keep their names.
public final class Masquerade extends Mechanism {
  private final List<Shield> shields;
  private final Set<String> exceptions;

  private record Shield(Domain domain, boolean keeps) {
    static Shield parse(String text) {
      String plain = text.replaceFirst("^!+", "");
      return new Shield(
          new Domain(plain.toLowerCase(Locale.ROOT)), (text.length() - plain.length()) % 2 == 1);
    }
  }

  public Masquerade(MasqueradeSettings own, HeaderOrigin headers) {
    super(Set.copyOf(own.masqueradeClasses()), headers);
    this.shields = own.masqueradeDomains().stream().map(Shield::parse).toList();
    this.exceptions =
        own.masqueradeExceptions().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
  }

  @Override
  boolean idle() {
    return shields.isEmpty();
  }

  @Override
  Address put(Address address) {
    if (exceptions.contains(address.localPart().toLowerCase(Locale.ROOT))) {
      return address;
    }
    for (Shield shield : shields) {
      if (shield.domain().equals(address.domain())) {
        return address;
      }
      if (address.domain().parents().contains(shield.domain().key())) {
        return shield.keeps() ? address : address.at(shield.domain());
      }
    }
    return address;
  }
}
