/// What others see of Caravan's health: {@link org.caravanmta.monitor.MetricsEndpoint}.
///
/// *Place:* beside the mail, on an address of its own. *Limits:* plain HTTP without a password; its
/// address is best one that only the monitoring can reach.
@NullMarked
package org.caravanmta.monitor;

import org.jspecify.annotations.NullMarked;
