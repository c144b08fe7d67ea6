package org.caravanmta.rewrite;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;

/// The section `rewriting.resolve`: which addresses that RFC 5321 does not allow mean something.
public record ResolveSettings(
    boolean nullDomain,
    boolean numericDomain,
    boolean dequoted,
    boolean dashes,
    String emptyRecipient,
    Optional<Domain> shortDomain) {
  public ResolveSettings {
    try {
      Address recipient =
          Address.parse(emptyRecipient.contains("@") ? emptyRecipient : emptyRecipient + "@x");
      if (recipient.localPart().isEmpty()) {
        throw new IllegalArgumentException(emptyRecipient);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("empty-recipient must be a name or an address", e);
    }
  }
}
