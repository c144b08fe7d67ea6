package org.caravanmta.alias;

import java.util.Optional;
import org.caravanmta.address.Address;

/// Where a list of destinations was found.
///
/// @param extension the part of the address that its key did not cover
/// @param behalf on whose word it acts
record AliasSource(
    String kind,
    Address name,
    String extension,
    Optional<Address> owner,
    AliasTargets.Behalf behalf,
    int level) {
  /// A list that this one names. Its owner does what an operator lets him; what a user lets others
  /// write is done as himself.
  AliasSource include(int holder) {
    boolean others = behalf instanceof AliasTargets.Operators && holder != 0;
    return new AliasSource(
        "include",
        name,
        extension,
        owner,
        others ? new AliasTargets.Holders(holder) : behalf,
        level + 1);
  }
}
