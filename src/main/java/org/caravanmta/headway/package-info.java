/// How far an attempt at delivery has come: its step, since when, and with whom; and how somebody
/// else ends it.
///
/// *Place:* an attempt marks its steps here, wherever it is made; who looks at attempts and cuts
/// them is {@code delivery.watch}. *Decides:* nothing of mail: an attempt that is cut fails like
/// one whose connection is lost. *Limits:* one thread makes an attempt and marks its steps, any
/// number look at it. What holds that thread in the system, and answers to no interrupt, is not
/// ended: the attempt goes on to be cut as soon as its thread comes back.
@NullMarked
package org.caravanmta.headway;

import org.jspecify.annotations.NullMarked;
