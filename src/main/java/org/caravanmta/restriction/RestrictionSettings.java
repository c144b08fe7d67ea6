package org.caravanmta.restriction;

import java.util.List;
import java.util.Set;
import org.caravanmta.address.Networks;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.table.TableName;

/// The section `restrictions`: what all restrictions have in common.
///
/// @param parentDomains the features of Postfix for which `example.org` in a table stands for the
///   domains below it too; for others `.example.org` does (postfix
///   `parent_domain_matches_subdomains`)
/// @param untrustedRouting whether mail that says itself where to be sent on,
///   `user%far.example@own.example`, is taken from strangers (postfix `allow_untrusted_routing`)
/// @param backupNetworks where the primary servers of domains may be that we are another server of,
///   none for anywhere (postfix `permit_mx_backup_networks`)
/// @param clientCertificates fingerprints of those whose clients may relay (postfix
///   `relay_clientcerts`)
public record RestrictionSettings(
    List<String> parentDomains,
    boolean untrustedRouting,
    Networks backupNetworks,
    List<TableName> clientCertificates,
    RefusalCodes codes) {
  /// What Postfix knows in `parent_domain_matches_subdomains`; main.cf may name any of them.
  private static final Set<String> FEATURES =
      Set.of(
          "debug_peer_list",
          "fast_flush_domains",
          "mynetworks",
          "permit_mx_backup_networks",
          "qmqpd_authorized_clients",
          "relay_domains",
          "smtpd_access_maps",
          "smtpd_client_event_limit_exceptions",
          "transport_maps");

  public RestrictionSettings {
    for (String feature : parentDomains) {
      if (!FEATURES.contains(feature)) {
        throw new IllegalArgumentException(
            "parent-domains may contain only " + FEATURES.stream().sorted().toList());
      }
    }
  }

  /// Whether `example.org` stands for the domains below it too where Postfix has this feature.
  public boolean parents(String feature) {
    return parentDomains.contains(feature);
  }
}
