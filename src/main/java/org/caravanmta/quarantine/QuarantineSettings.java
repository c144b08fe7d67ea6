package org.caravanmta.quarantine;

import java.time.Duration;
import org.caravanmta.config.Require;

/// The section `quarantine`: what content filters have set aside.
///
/// @param keep how long a message stays there; it is deleted then
/// @param digest who is told of what is new there
/// @param digestEvery how often
/// @param digestHour the hour of the day, if it is every day or less often
public record QuarantineSettings(Duration keep, Told digest, Duration digestEvery, int digestHour) {
  /// Who is told.
  public enum Told {
    OFF,
    /// The postmaster, of all of it.
    POSTMASTER,
    /// Each recipient, of his own mail.
    RECIPIENTS
  }

  public QuarantineSettings {
    Require.positive("keep", keep);
    Require.positive("digest-every", digestEvery);
    if (digestHour < 0 || digestHour > 23) {
      throw new IllegalArgumentException("digest-hour must be from 0 to 23");
    }
  }
}
