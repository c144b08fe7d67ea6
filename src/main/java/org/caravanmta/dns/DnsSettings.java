package org.caravanmta.dns;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;

/// The section `dns`: the name servers that are asked.
///
/// @param servers if empty, those of this machine, after its hosts file
/// @param timeout how long one question may take, all servers and tries together
public record DnsSettings(List<NameServer> servers, Duration timeout, @Flat DnssecSettings dnssec) {
  public DnsSettings {
    Require.positive("timeout", timeout);
  }

  public DnsSettings(List<NameServer> servers, Duration timeout) {
    this(servers, timeout, DnssecSettings.USUAL);
  }
}
