package org.caravanmta.restriction.dnsbl;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `dnsbl`: which DNS lists are asked (RFC 5782), and what they must agree on.
public record DnsblSettings(List<String> zones, int threshold, List<TableName> replies) {
  public DnsblSettings {
    try {
      var _ = Dnsbl.sites(zones);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("zones must be DNS lists: " + e.getMessage(), e);
    }
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold must be at least 1, was " + threshold);
    }
  }
}
