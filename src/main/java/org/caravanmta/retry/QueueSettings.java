package org.caravanmta.retry;

import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.table.DomainPattern;

/// The section `queue`: how long mail waits, how often a stage may break on it, and who may ask for
/// it.
public record QueueSettings(
    @Flat WaitingTimes times, int faultLimit, List<DomainPattern> flushDomains) {
  public QueueSettings {
    Require.atLeast(1, "fault-limit", faultLimit);
  }
}
