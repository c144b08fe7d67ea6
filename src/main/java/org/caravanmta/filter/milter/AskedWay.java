package org.caravanmta.filter.milter;

import java.util.Optional;
import org.caravanmta.address.Address;

/// Where mail for one address goes, asked for once at one event: two macros say it.
final class AskedWay implements MilterHouse.Ways {
  private final MilterHouse.Ways ways;
  private Optional<Address> address = Optional.empty();
  private Optional<MilterHouse.Way> way = Optional.empty();
  private boolean asked;

  AskedWay(MilterHouse.Ways ways) {
    this.ways = ways;
  }

  @Override
  public Optional<MilterHouse.Way> of(Optional<Address> wanted) {
    if (!asked || !address.equals(wanted)) {
      way = ways.of(wanted);
      address = wanted;
      asked = true;
    }
    return way;
  }
}
