package org.caravanmta.restriction.greylist;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;

/// The section `greylist`: who is deferred once, and how long.
public record GreylistSettings(
    boolean enabled,
    Duration delay,
    Duration retryWindow,
    Duration lifetime,
    int clientReturns,
    List<TableName> exemptClients,
    List<TableName> exemptSenders,
    List<TableName> exemptRecipients) {
  public GreylistSettings {
    Require.positive("delay", delay);
    if (retryWindow.compareTo(delay) <= 0) {
      throw new IllegalArgumentException("retry-window must be longer than delay");
    }
    Require.positive("lifetime", lifetime);
    if (clientReturns < 0) {
      throw new IllegalArgumentException("client-returns must be at least 0");
    }
  }
}
