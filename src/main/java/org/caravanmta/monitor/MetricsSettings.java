package org.caravanmta.monitor;

import java.net.InetSocketAddress;
import java.util.Optional;

/// The section `metrics`: where monitoring asks.
public record MetricsSettings(Optional<InetSocketAddress> address) {}
