package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Domain;
import org.caravanmta.table.TableName;

/// The section `rewriting`: which addresses become which.
public record RewritingSettings(
    Optional<Domain> origin,
    boolean appendOrigin,
    boolean bangPaths,
    boolean percentRoutes,
    ResolveSettings resolve,
    String recipientDelimiter,
    List<HeaderOrigin.Clients> localClients,
    Optional<Domain> remoteDomain,
    boolean alwaysComplete,
    List<String> propagate,
    List<TableName> senderCanonical,
    List<AddressClass> senderCanonicalClasses,
    List<TableName> recipientCanonical,
    List<AddressClass> recipientCanonicalClasses,
    List<TableName> canonical,
    List<AddressClass> canonicalClasses,
    List<String> masqueradeDomains,
    List<String> masqueradeExceptions,
    List<AddressClass> masqueradeClasses,
    Optional<Address> alwaysBcc,
    List<TableName> senderBcc,
    List<TableName> recipientBcc,
    List<TableName> virtualAliases,
    int virtualResultLimit,
    int virtualTurnLimit,
    int virtualLengthLimit,
    boolean originalRecipients,
    List<TableName> generic,
    HeaderSettings headers,
    LmtpSettings lmtp) {
  private static final Set<String> PROPAGATORS =
      Set.of("canonical", "virtual", "alias", "forward", "include", "generic");

  public RewritingSettings {
    known("propagate", propagate, PROPAGATORS);
    if (virtualResultLimit < 1 || virtualTurnLimit < 1 || virtualLengthLimit < 1) {
      throw new IllegalArgumentException(
          "virtual-result-limit, virtual-turn-limit and virtual-length-limit must be at least 1");
    }
    for (String domain : masqueradeDomains) {
      if (!domain.matches("!*[^!\\s]+")) {
        throw new IllegalArgumentException(
            "masquerade-domains must be domains, each with ! before it or not");
      }
    }
  }

  static void known(String key, List<String> words, Set<String> known) {
    for (String word : words) {
      if (!known.contains(word)) {
        throw new IllegalArgumentException(
            key + " may contain only " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
