/// Ports that anybody may reach: what everything that accepts connections does alike.
///
/// *Decides:* that {@link org.caravanmta.port.Callers} who say nothing hold few connections and
/// keep no newcomer waiting; that a port which cannot accept, for one because the process has no
/// descriptor left, waits a moment and says so once a minute ({@link
/// org.caravanmta.port.AcceptFailures}), and that SMTP takes no more sessions than there are
/// descriptors for ({@link org.caravanmta.port.Descriptors}). *Limits:* a client that may connect
/// can keep others from being served for as long as it connects faster than they speak.
@NullMarked
package org.caravanmta.port;

import org.jspecify.annotations.NullMarked;
