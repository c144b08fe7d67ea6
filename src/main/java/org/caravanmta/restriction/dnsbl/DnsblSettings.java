package org.caravanmta.restriction.dnsbl;

import java.util.List;
import org.caravanmta.table.TableName;

/// The section `dnsbl`: which DNS lists are asked (RFC 5782), and what they must agree on.
///
/// @param zones each `ZONE` or `ZONE=FILTER`, with `*WEIGHT` after it where that is not 1
/// @param threshold the weight of the lists together that refuses a client
/// @param replies what a refusal says, by the zone whose list has the client
public record DnsblSettings(List<String> zones, int threshold, List<TableName> replies) {
  public DnsblSettings {
    try {
      var _ = WeightedZone.all(zones);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("zones must be DNS lists: " + e.getMessage(), e);
    }
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold must be at least 1, was " + threshold);
    }
  }
}
