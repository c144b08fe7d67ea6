package org.caravanmta.restriction.dnsbl;

import java.util.Map;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `dnsbl`: is the client on a DNS list?
public final class DnsblStage implements Stage {
  private final Dnsbl dnsbl;

  public DnsblStage(DnsblSettings own, House house) {
    this.dnsbl = new Dnsbl(own, house.dns(), house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("dnsbl", dnsbl);
  }
}
