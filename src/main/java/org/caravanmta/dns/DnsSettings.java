package org.caravanmta.dns;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;

/// The section `dns`: who is asked for names and addresses.
public record DnsSettings(List<NameServer> servers, Duration timeout) {
  public DnsSettings {
    Require.positive("timeout", timeout);
  }
}
