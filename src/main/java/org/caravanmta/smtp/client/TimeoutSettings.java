package org.caravanmta.smtp.client;

import java.time.Duration;

/// The section `delivery.outgoing.timeouts`: how long to wait at each step; zero for the usual
/// time.
public record TimeoutSettings(
    Duration hello,
    Duration xforward,
    Duration mail,
    Duration recipient,
    Duration data,
    Duration transfer,
    Duration reset) {}
