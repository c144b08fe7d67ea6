/// What an address is: {@link org.caravanmta.address.Address}, its {@link
/// org.caravanmta.address.Domain}, where reports go ({@link org.caravanmta.address.ReversePath})
/// and which clients are ours ({@link org.caravanmta.address.Networks}). Imports nothing.
@NullMarked
package org.caravanmta.address;

import org.jspecify.annotations.NullMarked;
