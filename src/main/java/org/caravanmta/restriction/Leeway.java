package org.caravanmta.restriction;

import org.caravanmta.address.NetworkList;
import org.caravanmta.policy.RefusalCodes;

/// What the operator may set otherwise for all restrictions.
///
/// @param untrustedRouting whether mail that says itself where to be sent on,
///   `user%far.example@own.example`, is taken from strangers (postfix `allow_untrusted_routing`)
/// @param parents whether `example.org` in an access table stands for the domains below it too; if
///   not, `.example.org` does (postfix `parent_domain_matches_subdomains`, `smtpd_access_maps`)
/// @param backups where the primary servers of domains may be that we are another server of
///   (postfix `permit_mx_backup_networks`)
/// @param anyBackup whether they may be anywhere
public record Leeway(
    RefusalCodes codes,
    boolean untrustedRouting,
    boolean parents,
    NetworkList backups,
    boolean anyBackup) {
  public static final Leeway USUAL = new Leeway(RefusalCodes.USUAL, false, true, _ -> false, true);
}
