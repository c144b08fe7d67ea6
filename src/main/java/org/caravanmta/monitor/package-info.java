/// What others see of Caravan's health: {@link org.caravanmta.monitor.MetricsEndpoint}, and how
/// often what has happened, which {@code org.caravanmta.event} counts in {@link
/// org.caravanmta.monitor.Counters}.
///
/// *Place:* beside the mail, on an address of its own. *Limits:* plain HTTP without a password; it
/// is best bound to an address that only the monitoring can reach. Figures are those of this
/// process since it started.
@NullMarked
package org.caravanmta.monitor;

import org.jspecify.annotations.NullMarked;
