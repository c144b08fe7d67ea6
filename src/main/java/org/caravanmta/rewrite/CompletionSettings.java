package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;

/// Whose header sections are completed, and with which domain: keys of the section `rewriting`.
///
/// @param localClients clients whose header sections are ours to complete
/// @param remoteDomain absent: a stranger's header section is left alone
/// @param alwaysComplete whether strangers' header sections get the fields that every message must
///   have (postfix `always_add_missing_headers`)
public record CompletionSettings(
    List<Clients> localClients, Optional<Domain> remoteDomain, boolean alwaysComplete) {
  /// Clients whose header sections are ours to complete.
  public enum Clients {
    /// Programs on this machine.
    OWN_MACHINE,
    OWN_NETWORKS,
    LOGGED_IN,
    /// Those whose certificate an authority vouches for that the operator trusts.
    VERIFIED_CERTIFICATE
  }
}
