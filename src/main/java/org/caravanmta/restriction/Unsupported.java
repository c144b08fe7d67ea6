package org.caravanmta.restriction;

import java.util.Map;

/// The restrictions that Postfix has and we do not.
final class Unsupported {
  /// By its name, what is missing, or what to use in place of it.
  static final Map<String, String> WHAT_TO_DO =
      Map.ofEntries(
          Map.entry("reject_unverified_sender", "addresses are not verified"),
          Map.entry("reject_unverified_recipient", "addresses are not verified"),
          Map.entry("check_etrn_access", "name the domains in queue.flush-domains"),
          Map.entry("sleep", "nobody is made to wait"),
          Map.entry("reject_maps_rbl", "use reject_rbl_client"),
          Map.entry("check_relay_domains", "use reject_unauth_destination"),
          Map.entry("permit_naked_ip_addr", "use permit_mynetworks"));

  private Unsupported() {}
}
