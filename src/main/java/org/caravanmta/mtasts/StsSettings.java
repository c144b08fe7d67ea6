package org.caravanmta.mtasts;

import java.time.Duration;
import org.caravanmta.config.Require;

/// The section `delivery.sts`: whether the policies that domains publish by MTA-STS are kept.
///
/// @param enabled whether they are asked for, where TLS is wanted and no table says what it must be
/// @param timeout how long the web server of a domain may take for its policy (RFC 8461 §3.3
///   suggests a minute)
/// @param port of the web servers (RFC 8461 §3.3: that of HTTPS)
public record StsSettings(boolean enabled, Duration timeout, int port) {
  public StsSettings {
    Require.positive("timeout", timeout);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be from 1 to 65535");
    }
  }
}
