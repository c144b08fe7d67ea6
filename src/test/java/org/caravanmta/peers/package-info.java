/// Side by side with programs that others wrote.
@NullMarked
package org.caravanmta.peers;

import org.jspecify.annotations.NullMarked;
