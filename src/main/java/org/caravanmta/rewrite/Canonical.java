package org.caravanmta.rewrite;

import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Origin;
import org.caravanmta.table.AddressSearch;

/// Puts the address by which the world is to know somebody in place of another (postfix
/// `canonical(5)`): `joe` becomes `Joe.Doe@example.org`. Done again with what was found, until it
/// is not found or stands for itself. Virtual aliases are not looked at again afterwards.
public final class Canonical extends Mechanism {
  /// Times one address may be replaced; then the last one stands, as Postfix has it.
  private static final int MOST_TURNS = 10;

  private final AddressMapping table;

  /// @param propagate whether the part of an address that the key did not cover goes with it
  public Canonical(
      AddressSearch search,
      Origin origin,
      boolean propagate,
      Set<AddressClass> classes,
      HeaderOrigin headers) {
    super(classes, headers);
    this.table = new AddressMapping(search, origin, propagate);
  }

  @Override
  boolean idle() {
    return table.search().path().isEmpty();
  }

  @Override
  Address put(Address address) {
    Address at = address;
    for (int turn = 0; turn < MOST_TURNS && !idle(); turn++) {
      switch (table.map(at)) {
        case AddressMapping.Mapped.To(var addresses) -> {
          Address next = addresses.getFirst();
          if (next.key().equals(at.key())) {
            return next;
          }
          at = next;
        }
        case AddressMapping.Mapped.Unmapped() -> {
          return at;
        }
        case AddressMapping.Mapped.Unavailable(String why) -> throw new Unavailable(why);
      }
    }
    return at;
  }
}
