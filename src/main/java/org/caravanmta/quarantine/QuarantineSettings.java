package org.caravanmta.quarantine;

import java.time.Duration;
import org.caravanmta.config.Require;

/// The section `quarantine`: what content filters have set aside.
///
/// @param keep how long a message stays there; it is deleted then
public record QuarantineSettings(Duration keep) {
  public QuarantineSettings {
    Require.positive("keep", keep);
  }
}
