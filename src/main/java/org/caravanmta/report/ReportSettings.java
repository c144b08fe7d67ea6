package org.caravanmta.report;

import java.time.Duration;
import org.caravanmta.config.Size;

/// The section `report`: how failures are told to senders (RFC 3464).
public record ReportSettings(Size sizeLimit, Duration lifetime, Duration gather) {
  private static final Duration LONGEST_GATHER = Duration.ofMinutes(5);

  public ReportSettings {
    if (gather.isNegative() || gather.compareTo(LONGEST_GATHER) > 0) {
      throw new IllegalArgumentException("gather must be between 0s and 5m");
    }
  }
}
